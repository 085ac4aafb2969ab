import type { Random } from '../../base/random';
import { readable } from '../../base/readable';
import { tf } from '../../tfjs/tensorflow';
import { checkStep } from '../checks';
import { countParameters } from '../weights';
import { createVariable, glorotUniform } from './initializers';

/** Options of a `Linear` layer. */
export interface LinearOptions {
  /** Initial value of every bias. Default 0. */
  biasStart?: number;
  /** Initial kernel. Default glorot uniform. */
  initializer?: (shape: readonly number[], random: Random) => tf.Tensor;
}

/** W [inputSize, outputSize] and b [outputSize]. */
export type LinearWeights = {
  readonly kernel: tf.Variable<tf.Rank.R2>;
  readonly bias: tf.Variable<tf.Rank.R1>;
};

/** x·W + b. @param x [batch, inputSize]; @returns [batch, outputSize] */
export function linear(x: tf.Tensor, { kernel, bias }: LinearWeights): tf.Tensor2D {
  checkStep('Linear', { inputSize: kernel.shape[0] }, x, undefined);
  return tf.add(tf.matMul(x, kernel as tf.Tensor2D), bias);
}

/**
 * x·W + b, the product that cells and the output layer are made of.
 *
 * @example
 * const layer = new Linear(200, 10, createRandom(0));
 * const logits = layer.call(tf.zeros([64, 200])); // [64, 10]
 */
export class Linear {
  readonly kernel: tf.Variable<tf.Rank.R2>;
  readonly bias: tf.Variable<tf.Rank.R1>;

  /** @param inputSize width of x; @param outputSize width of the result */
  constructor(inputSize: number, outputSize: number, random: Random, options: LinearOptions = {}) {
    const { biasStart = 0, initializer = glorotUniform } = options;
    this.kernel = createVariable(() => initializer([inputSize, outputSize], random));
    this.bias = createVariable(() => tf.fill([outputSize], biasStart));
  }

  get variables(): LinearWeights {
    return { kernel: this.kernel, bias: this.bias };
  }

  /** @param x [batch, inputSize]; @returns [batch, outputSize] */
  call(x: tf.Tensor): tf.Tensor2D {
    return linear(x, this);
  }
}

readable(Linear.prototype, {
  text: linear =>
    `Linear: ${linear.kernel.shape.join(' → ')}, ${countParameters(linear).toLocaleString('en')} parameters`,
});
