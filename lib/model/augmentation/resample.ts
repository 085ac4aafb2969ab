import { tf } from '../../tfjs/tensorflow';

/**
 * Images whose pixels are taken from elsewhere, by bilinear interpolation with zero outside: from where `affine` says,
 * and a displacement from there. TensorFlow has an operation for the first alone.
 * @param images [batch, rows, columns]
 * @param affine a, b, c, d, e, f, [batch, 1] each, see `randomAffine`
 * @param field across and down, [batch, rows, columns] each, in pixels
 * @returns [batch, rows, columns]
 */
export function resample(
  images: tf.Tensor3D,
  affine: readonly tf.Tensor2D[],
  [across, down]: readonly [tf.Tensor3D, tf.Tensor3D],
): tf.Tensor3D {
  return tf.tidy(() => {
    const [batch, rows, columns] = images.shape;
    const [a, b, c, d, e, f] = affine.map(each => tf.reshape(each, [batch, 1, 1]));
    const x = tf.reshape(tf.range(0, columns), [1, 1, columns]);
    const y = tf.reshape(tf.range(0, rows), [1, rows, 1]);
    const fromX = tf.add(tf.add(tf.add(tf.mul(a, x), c), tf.mul(b, y)), across);
    const fromY = tf.add(tf.add(tf.add(tf.mul(d, x), f), tf.mul(e, y)), down);
    // With one black pixel before and two behind, every neighbour is there.
    const [left, top] = [tf.clipByValue(fromX, -1, columns), tf.clipByValue(fromY, -1, rows)];
    const [x0, y0] = [tf.floor(left), tf.floor(top)];
    const [rightShare, lowerShare] = [tf.sub(left, x0), tf.sub(top, y0)];
    const width = columns + 3;
    const size = (rows + 3) * width;
    const pixels = tf.reshape(tf.pad(images, [[0, 0], [1, 2], [1, 2]]), [-1]); // prettier-ignore
    const starts = tf.reshape(tf.range(0, batch, 1, 'int32'), [batch, 1, 1]);
    const place = tf.add(tf.add(tf.mul(y0, width), x0), width + 1); // exact up to 2^24, within an image
    const index = tf.add(tf.mul(starts, tf.scalar(size, 'int32')), tf.cast(place, 'int32'));
    const at = (offset: number) =>
      tf.gather(pixels, offset === 0 ? index : tf.add(index, tf.scalar(offset, 'int32')));
    const between = (from: tf.Tensor, to: tf.Tensor, share: tf.Tensor) =>
      tf.add(from, tf.mul(share, tf.sub(to, from)));
    const upper = between(at(0), at(1), rightShare);
    const lower = between(at(width), at(width + 1), rightShare);
    return between(upper, lower, lowerShare) as tf.Tensor3D;
  });
}
