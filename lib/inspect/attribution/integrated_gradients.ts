import { UserError } from '../../base/errors';
import { range } from '../../base/range';
import { tf } from '../../tfjs/tensorflow';

/** Whether the attributions add up to the difference of the logits, as those of integrated gradients must. */
export interface Completeness {
  /** Of all attributions. */
  readonly sum: number;
  /** The logit of the image less that of the black image. */
  readonly difference: number;
  /** Points on the way between them that it took. */
  readonly points: number;
  /** Whether they are equal to 1 % of the difference, or to a thousandth where that is nearly zero. */
  readonly reached: boolean;
  /** In words. */
  readonly note: string;
}

const tolerance = 0.01;
/** In logits: a difference below it is as good as none. */
const smallest = 0.1;
const mostPoints = 1024;
/** Points in one pass: bounds the memory. */
const pointsAtATime = 128;

/**
 * The gradient by the pixels, averaged over points on the straight way from black to the image (the middles of equal
 * parts), times the pixels. Where the sum is not the difference of the logits, twice as many points are taken, up to
 * 1024.
 * @param logitOf of images [batch, rows, columns] the logit of one class [batch]
 * @param pixels [1, rows, columns], 0..1
 * @param difference what the sum must be
 */
export function integratedGradients(
  logitOf: (images: tf.Tensor3D) => tf.Tensor1D,
  pixels: tf.Tensor3D,
  difference: number,
  points: number,
): { values: Float32Array; completeness: Completeness } {
  if (!Number.isInteger(points) || points < 1) {
    throw new UserError(`Expected a positive integer as the number of points, found ${points}: 64 is usual`);
  }
  for (; ; points *= 2) {
    const values = average(logitOf, pixels, points);
    const sum = values.reduce((total, value) => total + value, 0);
    const reached = Math.abs(sum - difference) <= tolerance * Math.max(smallest, Math.abs(difference));
    if (!reached && 2 * points <= mostPoints) continue;
    const note =
      `the attributions add up to ${sum.toFixed(3)}, the logits differ by ${difference.toFixed(3)}: ` +
      (reached ? 'equal to 1 %' : `not equal to 1 %, with ${points} points; take these values with care`);
    return { values, completeness: { sum, difference, points, reached, note } };
  }
}

function average(
  logitOf: (images: tf.Tensor3D) => tf.Tensor1D,
  pixels: tf.Tensor3D,
  points: number,
): Float32Array {
  return tf
    .tidy(() => {
      const gradient = tf.grad(x => tf.sum(logitOf(x as tf.Tensor3D)));
      const parts = range(Math.ceil(points / pointsAtATime)).map(i => {
        const places = range(points).slice(i * pointsAtATime, (i + 1) * pointsAtATime);
        const factors = tf.tensor3d(
          places.map(k => (k + 0.5) / points),
          [places.length, 1, 1],
        );
        return tf.tidy(() => tf.sum(gradient(tf.mul(factors, pixels)), 0));
      });
      return tf.mul<tf.Tensor2D>(tf.div(tf.addN(parts), points), tf.squeeze(pixels, [0]));
    })
    .dataSync<'float32'>()
    .slice();
}
