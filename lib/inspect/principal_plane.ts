/** The plane in which points differ most: their first two principal components (Pearson 1901). */
import { createRandom } from '../base/random';
import { range } from '../base/range';
import { tf } from '../tfjs/tensorflow';

export interface Plane {
  /** [1, width] */
  readonly mean: tf.Tensor2D;
  /** [width, 2], orthonormal */
  readonly axes: tf.Tensor2D;
  /** The part of the variance along each axis, 0..1. */
  readonly explained: readonly [number, number];
}

const iterations = 100;

/**
 * By orthogonal iteration with tfjs's QR decomposition: the covariance is applied to two vectors again and again.
 * @param points [count, width], with a width of at least 2; to be called within `tf.tidy`
 */
export function principalPlane(points: tf.Tensor2D): Plane {
  const [count, width] = points.shape;
  const mean: tf.Tensor2D = tf.mean(points, 0, true);
  const centred = tf.sub<tf.Tensor2D>(points, mean);
  const covariance = tf.div<tf.Tensor2D>(tf.matMul(centred, centred, true), Math.max(1, count - 1));
  const random = createRandom(0);
  let axes = tf.tensor2d(
    range(2 * width).map(() => random.uniform() - 0.5),
    [width, 2],
  );
  for (let i = 0; i < iterations; i++) {
    axes = tf.tidy(() => tf.linalg.qr(tf.matMul(covariance, axes))[0] as tf.Tensor2D);
  }
  const variances = tf.sum(tf.mul(axes, tf.matMul(covariance, axes)), 0).dataSync();
  const total = tf.sum(tf.mul(covariance, tf.eye(width))).dataSync()[0];
  const [first, second] = [...variances].map(variance => (total > 0 ? variance / total : 0));
  return { mean, axes, explained: [first, second] };
}
