import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';
import { BaseCell } from '../base_cell';
import type { Step } from '../cell';
import { cellKind } from './cell_kind';
import { checkUnits } from '../checks';
import { Linear } from '../layers/linear';

/**
 * A plain cell that starts as a sum (Le, Jaitly & Hinton 2015, "A Simple Way to Initialize Recurrent Networks of
 * Rectified Linear Units"):
 *
 *     h' = relu([x, h]·W + b)
 *
 * Initial values: of W, the rows of h are the identity and the rows of x normal with σ 0.001, as in the paper; b 0. So
 * at first the state stays what it is. State: h [batch, units]. The output is h'.
 */
export class IRNNCell extends BaseCell<tf.Tensor2D, Linear> {
  readonly outputSize: number;
  readonly stateSize: number;

  constructor(units: number) {
    super();
    this.outputSize = this.stateSize = checkUnits(units, 'IRNNCell');
  }

  protected createWeights(inputSize: number, random: Random): Linear {
    const units = this.outputSize;
    const initializer = (_: readonly number[], from: Random) => {
      const seed = from.integer(2 ** 31);
      return tf.concat([tf.randomNormal([inputSize, units], 0, 0.001, 'float32', seed), tf.eye(units)], 0);
    };
    return new Linear(inputSize + units, units, random.fork('kernel'), { initializer });
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D): Step<tf.Tensor2D> {
    const linear = this.weightsFor(x, h);
    const output = tf.relu(linear.call(tf.concat([x, h], 1)));
    return { output, state: output };
  }
}

export const irnnKind = cellKind('irnn', {}, (_, units) => new IRNNCell(units));
