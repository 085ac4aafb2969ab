import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';
import { built, checkUnits } from '../built';
import type { RNNCell, Variables } from '../cell';
import { cellKind } from './cell_kind';
import { checkBuild, checkStep } from '../checks';
import { Linear } from '../layers/linear';
import { zeros } from '../zeros';

/**
 * A plain cell that starts as a sum (Le, Jaitly & Hinton 2015, "A Simple Way to Initialize Recurrent Networks of
 * Rectified Linear Units"):
 *
 *     h' = relu([x, h]·W + b)
 *
 * Initial values: of W, the rows of h are the identity and the rows of x normal with σ 0.001, as in the paper; b 0. So
 * at first the state stays what it is. State: h [batch, units]. The output is h'.
 */
export class IRNNCell implements RNNCell<tf.Tensor2D> {
  readonly outputSize: number;
  readonly stateSize: number;
  inputSize?: number;
  private weights?: Linear;

  constructor(units: number) {
    this.outputSize = this.stateSize = checkUnits(units, 'IRNNCell');
  }

  get variables(): Variables {
    return this.weights ? this.weights.variables : {};
  }

  build(inputSize: number, random: Random): this {
    this.inputSize = checkBuild('IRNNCell', inputSize, random);
    const units = this.outputSize;
    const initializer = (_: readonly number[], from: Random) => {
      const seed = from.integer(2 ** 31);
      return tf.concat([tf.randomNormal([inputSize, units], 0, 0.001, 'float32', seed), tf.eye(units)], 0);
    };
    this.weights = new Linear(inputSize + units, units, random.fork('kernel'), { initializer });
    return this;
  }

  zeroState(batchSize: number): tf.Tensor2D {
    return zeros(this.stateSize, batchSize);
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D): { output: tf.Tensor2D; state: tf.Tensor2D } {
    const weights = built(this.weights, 'IRNNCell');
    checkStep('IRNNCell', this, x, h);
    const output = tf.relu(weights.call(tf.concat([x, h], 1)));
    return { output, state: output };
  }
}

export const irnnKind = cellKind('irnn', {}, (_, units) => new IRNNCell(units));
