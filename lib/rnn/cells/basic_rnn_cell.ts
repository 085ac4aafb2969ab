import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';
import { activation, activationOf, type Activation, type ActivationFunction } from '../layers/activations';
import { built, checkUnits } from '../built';
import type { RNNCell, Variables } from '../cell';
import { cellKind } from './cell_kind';
import { checkBuild, checkStep } from '../checks';
import { Linear } from '../layers/linear';
import { zeros } from '../zeros';

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
export class BasicRNNCell implements RNNCell<tf.Tensor2D> {
  readonly outputSize: number;
  readonly stateSize: number;
  inputSize?: number;
  private readonly activation: ActivationFunction;
  private linear?: Linear;

  constructor(units: number, { activation = 'tanh' }: BasicRNNOptions = {}) {
    this.outputSize = this.stateSize = checkUnits(units, 'BasicRNNCell');
    this.activation = activationOf(activation);
  }

  get variables(): Variables {
    return this.linear?.variables ?? {};
  }

  build(inputSize: number, random: Random): this {
    this.inputSize = checkBuild('BasicRNNCell', inputSize, random);
    this.linear = new Linear(inputSize + this.outputSize, this.outputSize, random.fork('linear'));
    return this;
  }

  zeroState(batchSize: number): tf.Tensor2D {
    return zeros(this.stateSize, batchSize);
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D): { output: tf.Tensor2D; state: tf.Tensor2D } {
    const linear = built(this.linear, 'BasicRNNCell');
    checkStep('BasicRNNCell', this, x, h);
    const output = this.activation(linear.call(tf.concat([x, h], 1))) as tf.Tensor2D;
    return { output, state: output };
  }
}

export const basicKind = cellKind(
  'basic',
  { activation },
  (settings, units) => new BasicRNNCell(units, settings),
);
