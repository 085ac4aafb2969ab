import type { Random } from '../random';
import { tf } from '../tensorflow';
import { built, checkUnits } from './built';
import { gruBlockCell } from './block_cells';
import { prefixed, type RNNCell, type Variables } from './cell';
import { cellKind } from './cell_kind';
import { Linear } from './linear';

export interface GRUOptions {
  /** Run a time step as one kernel of TensorFlow rather than equation by equation: the same numbers, sooner. Default true. */
  fused?: boolean;
}

/**
 * The gated recurrent unit (Cho et al. 2014; TensorFlow 1: tf.nn.rnn_cell.GRUCell):
 *
 *     [r, u] = σ([x, h]·Wg + bg)
 *     c      = tanh([x, r⊙h]·Wc + bc)
 *     h'     = u⊙h + (1−u)⊙c
 *
 * The reset gate acts before the product; cuDNN and Keras's default apply it after, which gives other numbers.
 * State: h [batch, units]. The output is h'. Initial values: Wg and Wc glorot uniform, bg 1 (at first the cell
 * rather keeps than overwrites), bc 0.
 */
export class GRUCell implements RNNCell<tf.Tensor2D> {
  readonly outputSize: number;
  readonly fused: boolean;
  private weights?: { gates: Linear; candidate: Linear };

  constructor(units: number, { fused = true }: GRUOptions = {}) {
    this.outputSize = checkUnits(units, 'GRUCell');
    this.fused = fused;
  }

  get variables(): Variables {
    if (!this.weights) return {};
    const { gates, candidate } = this.weights;
    return { ...prefixed('gates', gates.variables), ...prefixed('candidate', candidate.variables) };
  }

  build(inputSize: number, random: Random): this {
    const units = this.outputSize;
    this.weights = {
      gates: new Linear(inputSize + units, 2 * units, random.fork('gates'), { biasStart: 1 }),
      candidate: new Linear(inputSize + units, units, random.fork('candidate')),
    };
    return this;
  }

  zeroState(batchSize: number): tf.Tensor2D {
    return tf.zeros([batchSize, this.outputSize]);
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D): { output: tf.Tensor2D; state: tf.Tensor2D } {
    const { gates, candidate } = built(this.weights, 'GRUCell');
    const output = (this.fused ? gruBlockCell : equations)(x, h, gates, candidate);
    return { output, state: output };
  }
}

function equations(x: tf.Tensor2D, h: tf.Tensor2D, gates: Linear, candidate: Linear): tf.Tensor2D {
  // r, the reset gate: how much of the old state the candidate sees;
  // u, the update gate: how much of the old state to keep.
  const [r, u] = tf.split(tf.sigmoid(gates.call(tf.concat([x, h], 1))), 2, 1);
  // c, the candidate: what the new state would be if nothing was kept.
  const c = tf.tanh(candidate.call(tf.concat([x, tf.mul(r, h)], 1)));
  return tf.add<tf.Tensor2D>(tf.mul(u, h), tf.mul(tf.sub(1, u), c));
}

export const gruKind = cellKind('gru', {}, (_, units) => new GRUCell(units));
