import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';

/** Never 0, which TensorFlow.js takes for no seed at all. */
const drawSeed = (random: Random): number => random.integer(2 ** 31) || 1;

/**
 * Uniform in ±√(6 / (fan_in + fan_out)) (Glorot & Bengio 2010): TensorFlow 1's default for every kernel.
 * A vector of n counts as fan_in = fan_out = n, so that its limit is √(3/n).
 */
export function glorotUniform(shape: readonly number[], random: Random): tf.Tensor {
  const fanIn = shape[0];
  const fanOut = shape[shape.length - 1];
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return tf.randomUniform([...shape], -limit, limit, 'float32', drawSeed(random));
}

/** Normal with mean 0, drawn again beyond two standard deviations. */
export function truncatedNormal(shape: readonly number[], stddev: number, random: Random): tf.Tensor {
  return tf.truncatedNormal([...shape], 0, stddev, 'float32', drawSeed(random));
}

/** A weight with these initial values; what they were computed from is freed. */
export function createVariable<R extends tf.Rank>(initial: () => tf.Tensor): tf.Variable<R> {
  return tf.tidy(() => tf.variable(initial() as tf.Tensor<R>));
}

/** A weight that starts glorot uniform. */
export function glorotVariable<R extends tf.Rank>(shape: readonly number[], random: Random): tf.Variable<R> {
  return createVariable(() => glorotUniform(shape, random));
}
