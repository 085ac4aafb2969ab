import type { Random } from '../random';
import { tf } from '../tensorflow';
import { built, checkUnits } from './built';
import type { RNNCell, Variables } from './cell';
import { cellKind, forgetBias, peepholes } from './cell_kind';
import { blockSettings, FrequencyBlocks, type BlockOptions } from './frequency_blocks';
import { LSTMCell, type LSTMOptions, type LSTMState } from './lstm_cell';

/**
 * The time-frequency LSTM (Li et al. 2016, "Exploring Multidimensional LSTMs for Large Vocabulary ASR"; Sainath & Li
 * 2016, "Modeling Time-Frequency Patterns with LSTM vs. Convolutional Architectures for LVCSR Tasks"; TimeFreqLSTMCell
 * of tensorflow/contrib/rnn/python/ops/rnn_cell.py). One LSTM goes over the features in K blocks (see FrequencyBlocks);
 * for k = 1 … K it sees its own output of the time step before and of the block before, h_0 = 0:
 *
 *     [i, j, f, o] = [x_k, h_k(t−1), h_{k−1}(t)]·W + b
 *     c_k(t) = σ(f + forgetBias)⊙c_k(t−1) + σ(i)⊙tanh(j)
 *     h_k(t) = σ(o)⊙tanh(c_k(t))
 *
 * with peepholes: f += w_f⊙c_k(t−1), i += w_i⊙c_k(t−1), o += w_o⊙c_k(t). From block to block only h goes on, not c.
 * All blocks have the same weights. State: c and h [batch, units] for each block; the original declares room for one
 * block's only. Output: [h_1, …, h_K], of width units·K. Initial values: W glorot uniform, b 0, each w uniform
 * ±√(3/units).
 */
export class TimeFreqLSTMCell implements RNNCell<readonly LSTMState[]> {
  private readonly units: number;
  private readonly blocks: FrequencyBlocks;
  private readonly lstm: LSTMCell;
  private numBlocks?: number;

  constructor(units: number, options: LSTMOptions & BlockOptions = {}) {
    this.units = checkUnits(units, 'TimeFreqLSTMCell');
    this.blocks = new FrequencyBlocks(options, 'TimeFreqLSTMCell');
    this.lstm = new LSTMCell(units, options);
  }

  /** Known once it was built: units for each block. */
  get outputSize(): number {
    return this.units * built(this.numBlocks, 'TimeFreqLSTMCell');
  }

  get variables(): Variables {
    return this.lstm.variables;
  }

  build(inputSize: number, random: Random): this {
    this.numBlocks = this.blocks.count(inputSize);
    this.lstm.build(this.blocks.featureSize + this.units, random);
    return this;
  }

  zeroState(batchSize: number): readonly LSTMState[] {
    const numBlocks = built(this.numBlocks, 'TimeFreqLSTMCell');
    return Array.from({ length: numBlocks }, () => this.lstm.zeroState(batchSize));
  }

  call(x: tf.Tensor2D, state: readonly LSTMState[]): { output: tf.Tensor2D; state: readonly LSTMState[] } {
    let h: tf.Tensor2D = tf.zeros([x.shape[0], this.units]); // the output for the block before
    const newState = this.blocks.cut(x).map((block, k) => {
      const step = this.lstm.call(tf.concat([block, state[k].h], 1), { c: state[k].c, h });
      h = step.output;
      return step.state;
    });
    return {
      output: tf.concat(
        newState.map(({ h }) => h),
        1,
      ),
      state: newState,
    };
  }
}

export const timeFreqLSTMKind = cellKind(
  'timeFreqLstm',
  { ...blockSettings, forgetBias, peepholes },
  (settings, units) => new TimeFreqLSTMCell(units, settings),
);
