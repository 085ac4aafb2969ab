import type { Random } from '../../../base/random';
import { range } from '../../../base/range';
import { tf } from '../../../tfjs/tensorflow';
import { built, checkUnits } from '../../built';
import { prefixed, type RNNCell, type StateSize, type Variables } from '../../cell';
import { cellClip, cellKind, forgetBias, peepholes } from '../cell_kind';
import { checkBuild, checkStep } from '../../checks';
import { blockSettings, FrequencyBlocks, type BlockOptions } from './frequency_blocks';
import { LSTMCell, type LSTMOptions, type LSTMState } from '../lstm_cell';
import { zeros } from '../../zeros';

export type TimeFreqLSTMOptions = BlockOptions &
  Pick<LSTMOptions, 'forgetBias' | 'peepholes' | 'cellClip' | 'fused'>;

/**
 * The time-frequency LSTM (Li et al. 2016, "Exploring Multidimensional LSTMs for Large Vocabulary ASR"; Sainath & Li
 * 2016, "Modeling Time-Frequency Patterns with LSTM vs. Convolutional Architectures for LVCSR Tasks"; TimeFreqLSTMCell
 * of tensorflow/contrib/rnn/python/ops/rnn_cell.py). One LSTM goes over the features in K blocks (see FrequencyBlocks);
 * for k = 1 … K it sees its own output of the time step before and of the block before, h_0 = 0:
 *
 *     [i, j, f, o] = [x_k, h_k(t−1), h_{k−1}(t)]·W + b
 *     c_k(t) = σ(f + forgetBias)⊙c_k(t−1) + σ(i)⊙tanh(j)      then held in ±cellClip
 *     h_k(t) = σ(o)⊙tanh(c_k(t))
 *
 * with peepholes: f += w_f⊙c_k(t−1), i += w_i⊙c_k(t−1), o += w_o⊙c_k(t). From block to block only h goes on, not c.
 * All blocks have the same weights. State: c and h [batch, units] for each block; the original declares room for one
 * block's only. Output: [h_1, …, h_K], of width units·K. Initial values: W glorot uniform, b 0, each w uniform
 * ±√(3/units). Several bands, which the original does not have here, are those of GridLSTMCell: with weights of their
 * own, and h_0 = 0 in each.
 */
export class TimeFreqLSTMCell implements RNNCell<readonly LSTMState[]> {
  inputSize?: number;
  private readonly units: number;
  private readonly blocks: FrequencyBlocks;
  private readonly createLSTM: () => LSTMCell;
  /** One for each band. */
  private bands?: readonly { readonly numBlocks: number; readonly lstm: LSTMCell }[];

  constructor(
    units: number,
    { forgetBias, peepholes, cellClip, fused, ...options }: TimeFreqLSTMOptions = {},
  ) {
    this.units = checkUnits(units, 'TimeFreqLSTMCell');
    this.blocks = new FrequencyBlocks(options, 'TimeFreqLSTMCell');
    this.createLSTM = () => new LSTMCell(units, { forgetBias, peepholes, cellClip, fused });
    this.createLSTM(); // which refuses impossible options
  }

  /** Known once it was built: units for each block. */
  get outputSize(): number {
    return this.units * this.totalBlocks();
  }

  get stateSize(): StateSize {
    return range(this.totalBlocks()).map(() => ({ c: this.units, h: this.units }));
  }

  get variables(): Variables {
    const bands = (this.bands ?? []).map(({ lstm }) => lstm.variables);
    if (bands.length === 1) return bands[0];
    return Object.assign({}, ...bands.map((band, b) => prefixed(`band_${b}`, band))) as Variables;
  }

  build(inputSize: number, random: Random): this {
    this.inputSize = checkBuild('TimeFreqLSTMCell', inputSize, random);
    const counts = this.blocks.count(inputSize);
    const randomOf = (b: number) => (counts.length > 1 ? random.fork(`band_${b}`) : random);
    this.bands = counts.map((numBlocks, b) => ({
      numBlocks,
      lstm: this.createLSTM().build(this.blocks.featureSize + this.units, randomOf(b)),
    }));
    return this;
  }

  zeroState(batchSize: number): readonly LSTMState[] {
    return zeros(this.stateSize, batchSize);
  }

  call(x: tf.Tensor2D, state: readonly LSTMState[]): { output: tf.Tensor2D; state: readonly LSTMState[] } {
    const bands = built(this.bands, 'TimeFreqLSTMCell');
    checkStep('TimeFreqLSTMCell', this, x, state);
    const before = [...state]; // of the blocks that are still to come
    const newState = this.blocks.cut(x).flatMap((blocks, b) => {
      let h: tf.Tensor2D = tf.zeros([x.shape[0], this.units]); // the output for the block before
      return blocks.map(block => {
        const old = before.shift() as LSTMState;
        const step = bands[b].lstm.call(tf.concat([block, old.h], 1), { c: old.c, h });
        h = step.output;
        return step.state;
      });
    });
    return {
      output: tf.concat(
        newState.map(({ h }) => h),
        1,
      ),
      state: newState,
    };
  }

  private totalBlocks(): number {
    return built(this.bands, 'TimeFreqLSTMCell').reduce((sum, { numBlocks }) => sum + numBlocks, 0);
  }
}

export const timeFreqLSTMKind = cellKind(
  'timeFreqLstm',
  { ...blockSettings, forgetBias, peepholes, cellClip },
  (settings, units) => new TimeFreqLSTMCell(units, settings),
);
