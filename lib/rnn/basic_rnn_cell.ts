import type { Random } from '../random';
import { tf } from '../tensorflow';
import { built, checkUnits } from './built';
import type { RNNCell, Variables } from './cell';
import { cellKind } from './cell_kind';
import { Linear } from './linear';

/**
 * The plain recurrent cell (Elman 1990; TensorFlow 1: tf.nn.rnn_cell.BasicRNNCell):
 *
 *     h' = tanh([x, h]·W + b)
 *
 * State: h [batch, units]. The output is h'. Initial values: W glorot uniform, b 0.
 */
export class BasicRNNCell implements RNNCell<tf.Tensor2D> {
  readonly outputSize: number;
  private linear?: Linear;

  constructor(units: number) {
    this.outputSize = checkUnits(units, 'BasicRNNCell');
  }

  get variables(): Variables {
    return this.linear?.variables ?? {};
  }

  build(inputSize: number, random: Random): this {
    this.linear = new Linear(inputSize + this.outputSize, this.outputSize, random.fork('linear'));
    return this;
  }

  zeroState(batchSize: number): tf.Tensor2D {
    return tf.zeros([batchSize, this.outputSize]);
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D): { output: tf.Tensor2D; state: tf.Tensor2D } {
    const linear = built(this.linear, 'BasicRNNCell');
    const output = tf.tanh(linear.call(tf.concat([x, h], 1)));
    return { output, state: output };
  }
}

export const basicKind = cellKind('basic', {}, (_, units) => new BasicRNNCell(units));
