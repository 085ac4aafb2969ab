import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';
import { activation, activationOf, type Activation, type ActivationFunction } from '../layers/activations';
import { gruBlockCell, hasBlockCells } from './block_cells';
import { BaseCell } from '../base_cell';
import type { Step } from '../cell';
import { cellKind } from './cell_kind';
import { checkUnits } from '../checks';
import { Linear } from '../layers/linear';
import { inference, type Pass } from '../pass';
import { defaultsOf } from '../../settings/defaults';

/** Options of a `GRUCell`. */
export interface GRUOptions {
  /** Of the candidate c, in place of tanh. Default 'tanh'. */
  activation?: Activation;
  /**
   * Run a time step as one kernel of TensorFlow rather than equation by equation: the same numbers, sooner. Default
   * true; with another activation the equations are used in any case.
   */
  fused?: boolean;
}

type Weights = { readonly gates: Linear; readonly candidate: Linear };

/**
 * The gated recurrent unit (Cho et al. 2014; TensorFlow 1: tf.nn.rnn_cell.GRUCell):
 *
 *     [r, u] = σ([x, h]·Wg + bg)
 *     c      = tanh([x, r⊙h]·Wc + bc)
 *     h'     = u⊙h + (1−u)⊙c
 *
 * The reset gate acts before the product; cuDNN and Keras's default apply it after, which gives other numbers.
 * Another activation may stand in the place of tanh. State: h [batch, units]. The output is h'. Initial values: Wg and
 * Wc glorot uniform, bg 1 (at first the cell rather keeps than overwrites), bc 0.
 *
 * @example
 * const cell = new GRUCell(200).build(28, createRandom(0));
 * const { output } = cell.call(tf.zeros([64, 28]), cell.zeroState(64)); // [64, 200]
 */
export class GRUCell extends BaseCell<tf.Tensor2D, Weights> {
  readonly keepGate = { gate: 'u', open: 'keeps' } as const;
  readonly outputSize: number;
  readonly stateSize: number;
  readonly fused: boolean;
  readonly options: Required<GRUOptions>;
  private readonly activation: ActivationFunction;

  constructor(units: number, { activation = defaults.activation, fused = true }: GRUOptions = {}) {
    super();
    this.outputSize = this.stateSize = checkUnits(units, 'GRUCell');
    this.activation = activationOf(activation);
    this.options = { activation, fused };
    this.fused = fused && activation === 'tanh';
  }

  protected createWeights(inputSize: number, random: Random): Weights {
    const units = this.outputSize;
    return {
      gates: new Linear(inputSize + units, 2 * units, random.fork('gates'), { biasStart: 1 }),
      candidate: new Linear(inputSize + units, units, random.fork('candidate')),
    };
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D, pass: Pass = inference): Step<tf.Tensor2D> {
    const weights = this.weightsFor(x, h);
    if (this.fused && !pass.gates && hasBlockCells()) {
      const output = gruBlockCell(x, h, weights.gates, weights.candidate);
      return { output, state: output };
    }
    return equations(x, h, weights, this.activation);
  }
}

function equations(
  x: tf.Tensor2D,
  h: tf.Tensor2D,
  { gates, candidate }: Weights,
  activation: ActivationFunction,
): Step<tf.Tensor2D> {
  // r, the reset gate: how much of the old state the candidate sees;
  // u, the update gate: how much of the old state to keep.
  const [r, u] = tf.split<tf.Tensor2D>(tf.sigmoid(gates.call(tf.concat([x, h], 1))), 2, 1);
  // c, the candidate: what the new state would be if nothing was kept.
  const c = activation(candidate.call(tf.concat([x, tf.mul(r, h)], 1))) as tf.Tensor2D;
  const output = tf.add<tf.Tensor2D>(tf.mul(u, h), tf.mul(tf.sub(1, u), c));
  return { output, state: output, gates: { r, u, c } };
}

const settings = { activation };
const defaults = defaultsOf(settings);

export const gruKind = cellKind('gru', settings, (chosen, units) => new GRUCell(units, chosen));
