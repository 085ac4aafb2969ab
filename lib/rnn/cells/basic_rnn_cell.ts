import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';
import { activation, activationOf, type Activation, type ActivationFunction } from '../layers/activations';
import { BaseCell } from '../base_cell';
import type { Step } from '../cell';
import { cellKind } from './cell_kind';
import { checkUnits } from '../checks';
import { Linear } from '../layers/linear';
import { defaultsOf } from '../../settings/defaults';

/** Options of a `BasicRNNCell`. */
export interface BasicRNNOptions {
  /** In place of tanh. Default 'tanh'. */
  activation?: Activation;
}

/**
 * The plain recurrent cell (Elman 1990; TensorFlow 1: tf.nn.rnn_cell.BasicRNNCell):
 *
 *     h' = tanh([x, h]·W + b)      or another activation
 *
 * State: h [batch, units]. The output is h'. Initial values: W glorot uniform, b 0.
 */
export class BasicRNNCell extends BaseCell<tf.Tensor2D, Linear> {
  readonly outputSize: number;
  readonly stateSize: number;
  private readonly activation: ActivationFunction;

  constructor(units: number, { activation = defaults.activation }: BasicRNNOptions = {}) {
    super();
    this.outputSize = this.stateSize = checkUnits(units, 'BasicRNNCell');
    this.activation = activationOf(activation);
  }

  protected createWeights(inputSize: number, random: Random): Linear {
    return new Linear(inputSize + this.outputSize, this.outputSize, random.fork('linear'));
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D): Step<tf.Tensor2D> {
    const linear = this.weightsFor(x, h);
    const output = this.activation(linear.call(tf.concat([x, h], 1))) as tf.Tensor2D;
    return { output, state: output };
  }
}

const settings = { activation };
const defaults = defaultsOf(settings);

export const basicKind = cellKind('basic', settings, (chosen, units) => new BasicRNNCell(units, chosen));
