import type { Random } from '../../../base/random';
import { range } from '../../../base/range';
import { tf } from '../../../tfjs/tensorflow';
import { BaseCell } from '../../base_cell';
import type { Gates, StateSize, Step } from '../../cell';
import { cellClip, cellKind, forgetBias, peepholes } from '../cell_kind';
import { checkUnits } from '../../checks';
import { inference, type Pass } from '../../pass';
import { BandWeights } from './band_weights';
import { blockSettings, FrequencyBlocks, type BlockOptions } from './frequency_blocks';
import { LSTMCell, type LSTMOptions, type LSTMState } from '../lstm_cell';

/** Options of a `TimeFreqLSTMCell`. */
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
export class TimeFreqLSTMCell extends BaseCell<readonly LSTMState[], BandWeights<LSTMCell>> {
  private readonly units: number;
  private readonly blocks: FrequencyBlocks;
  private readonly createLSTM: () => LSTMCell;

  constructor(
    units: number,
    { forgetBias, peepholes, cellClip, fused, ...options }: TimeFreqLSTMOptions = {},
  ) {
    super();
    this.units = checkUnits(units, 'TimeFreqLSTMCell');
    this.blocks = new FrequencyBlocks(options, 'TimeFreqLSTMCell');
    this.createLSTM = () => new LSTMCell(units, { forgetBias, peepholes, cellClip, fused });
    this.createLSTM(); // which refuses impossible options
  }

  /** Known once it was built: units for each block. */
  get outputSize(): number {
    return this.units * this.weights.numBlocks;
  }

  get stateSize(): StateSize {
    return range(this.weights.numBlocks).map(() => ({ c: this.units, h: this.units }));
  }

  protected createWeights(inputSize: number, random: Random): BandWeights<LSTMCell> {
    const size = this.blocks.featureSize + this.units;
    const counts = this.blocks.count(inputSize);
    return new BandWeights(counts, random, itsRandom => this.createLSTM().build(size, itsRandom));
  }

  call(x: tf.Tensor2D, state: readonly LSTMState[], pass: Pass = inference): Step<readonly LSTMState[]> {
    const { bands } = this.weightsFor(x, state);
    const before = [...state]; // of the blocks that are still to come
    const gates: Gates[] = [];
    const newState = this.blocks.cut(x).flatMap((blocks, b) => {
      let h: tf.Tensor2D = tf.zeros([x.shape[0], this.units]); // the output for the block before
      return blocks.map(block => {
        const old = before.shift() as LSTMState;
        const step = bands[b].call(tf.concat([block, old.h], 1), { c: old.c, h }, pass);
        h = step.output;
        if (step.gates) gates.push(step.gates);
        return step.state;
      });
    });
    return {
      output: tf.concat(
        newState.map(({ h }) => h),
        1,
      ),
      state: newState,
      gates,
    };
  }
}

export const timeFreqLSTMKind = cellKind(
  'timeFreqLstm',
  { ...blockSettings, forgetBias, peepholes, cellClip },
  (settings, units) => new TimeFreqLSTMCell(units, settings),
);
