import { randomUniform } from '../../tfjs/random_uniform';
import { tf } from '../../tfjs/tensorflow';

/** The Gaussian ends at so many standard deviations, as in SciPy's gaussian_filter. */
const truncated = 4;

/**
 * How far each pixel is moved: uniform in −1..1, smoothed by a Gaussian whose sum is 1, times alpha (Simard et al. 2003).
 * @param shape batch, rows, columns
 * @param seed int32 [2]
 * @returns across and down, [batch, rows, columns] each, in pixels
 */
export function displacements(
  [batch, rows, columns]: readonly [number, number, number],
  seed: tf.Tensor1D,
  { alpha, sigma }: { readonly alpha: number; readonly sigma: number },
): [across: tf.Tensor3D, down: tf.Tensor3D] {
  return tf.tidy(() => {
    const noise = tf.sub(tf.mul(2 * alpha, randomUniform([2 * batch, rows, columns], seed)), alpha);
    // As matrix products: one for the rows, one for the columns, of all images at once.
    const alongRows = tf.matMul(tf.reshape(noise, [-1, columns]), gaussian(columns, sigma));
    const turned = tf.transpose(tf.reshape(alongRows, [2 * batch, rows, columns]), [0, 2, 1]);
    const smooth = tf.matMul(tf.reshape(turned, [-1, rows]), gaussian(rows, sigma));
    // [2·batch, columns, rows]: that rows and columns have changed places does not matter to noise, but to the shape.
    const field = tf.transpose(tf.reshape(smooth, [2 * batch, columns, rows]), [0, 2, 1]);
    return tf.split(field, 2, 0) as [tf.Tensor3D, tf.Tensor3D];
  });
}

/** [size, size]: a product with it smooths a row; what lies outside counts as zero. */
function gaussian(size: number, sigma: number): tf.Tensor2D {
  const reach = Math.floor(truncated * sigma + 0.5);
  const density = (distance: number) =>
    Math.abs(distance) > reach ? 0 : Math.exp(-(distance ** 2) / (2 * sigma ** 2));
  let sum = 0;
  for (let distance = -reach; distance <= reach; distance++) sum += density(distance);
  return tf.tensor2d(
    Float32Array.from({ length: size * size }, (_, i) => density(Math.floor(i / size) - (i % size)) / sum),
    [size, size],
  );
}
