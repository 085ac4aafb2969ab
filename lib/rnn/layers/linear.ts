import type { Random } from '../../base/random';
import { readable } from '../../base/readable';
import { tf } from '../../tfjs/tensorflow';
import { countParameters, type Variables } from '../cell';
import { checkStep } from '../checks';
import { glorotUniform } from './initializers';

export interface LinearOptions {
  /** Initial value of every bias. Default 0. */
  biasStart?: number;
  /** Initial kernel. Default glorot uniform. */
  initializer?: (shape: readonly number[], random: Random) => tf.Tensor;
}

/** x·W + b, the product that cells and the output layer are made of. */
export class Linear {
  readonly kernel: tf.Variable<tf.Rank.R2>;
  readonly bias: tf.Variable<tf.Rank.R1>;

  /** @param inputSize width of x; @param outputSize width of the result */
  constructor(inputSize: number, outputSize: number, random: Random, options: LinearOptions = {}) {
    const { biasStart = 0, initializer = glorotUniform } = options;
    this.kernel = tf.tidy(() => tf.variable(initializer([inputSize, outputSize], random) as tf.Tensor2D));
    this.bias = tf.tidy(() => tf.variable(tf.fill<tf.Rank.R1>([outputSize], biasStart)));
  }

  get variables(): Variables {
    return { kernel: this.kernel, bias: this.bias };
  }

  /** @param x [batch, inputSize]; @returns [batch, outputSize] */
  call(x: tf.Tensor): tf.Tensor2D {
    checkStep('Linear', { inputSize: this.kernel.shape[0] }, x, undefined);
    return tf.add(tf.matMul(x, this.kernel as tf.Tensor2D), this.bias);
  }
}

readable(Linear.prototype, {
  text: linear =>
    `Linear: ${linear.kernel.shape.join(' → ')}, ${countParameters(linear).toLocaleString('en')} parameters`,
});
