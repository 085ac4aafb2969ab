import { UserError } from '../../base/errors';
import { range } from '../../base/range';
import { tf } from '../../tfjs/tensorflow';

/** In pixels. */
export interface PatchSize {
  readonly rows: number;
  readonly columns: number;
}

/** Images in one pass: bounds the memory. */
const imagesAtATime = 200;

/**
 * Cut the image into patches, side by side, and make one after the other black; those at the right and lower edge may be
 * smaller.
 * @param logitOf of images [batch, rows, columns] the logit of one class [batch]
 * @param pixels [1, rows, columns], 0..1
 * @param logit of the whole image
 * @returns for each pixel how far the logit falls without its patch, divided by the patch's pixels
 */
export function occlusion(
  logitOf: (images: tf.Tensor3D) => tf.Tensor1D,
  pixels: tf.Tensor3D,
  logit: number,
  patch: PatchSize,
): Float32Array {
  const [, rows, columns] = pixels.shape;
  const fits = (size: number, limit: number) => Number.isInteger(size) && size >= 1 && size <= limit;
  if (!fits(patch.rows, rows) || !fits(patch.columns, columns)) {
    throw new UserError(
      `Expected a patch of 1 to ${rows} rows and 1 to ${columns} columns, found ${patch.rows} × ${patch.columns}`,
    );
  }
  const across = Math.ceil(columns / patch.columns);
  const patchOf = (pixel: number) =>
    Math.floor(Math.floor(pixel / columns) / patch.rows) * across +
    Math.floor((pixel % columns) / patch.columns);
  const places = range(rows * columns).map(patchOf);
  const count = Math.max(...places) + 1;
  const sizes = range(count).map(i => places.filter(place => place === i).length);
  const drops = range(Math.ceil(count / imagesAtATime)).flatMap(part => {
    const patches = range(count).slice(part * imagesAtATime, (part + 1) * imagesAtATime);
    return tf.tidy(() => {
      const kept = patches.flatMap(i => places.map(place => Number(place !== i)));
      const images: tf.Tensor3D = tf.mul(pixels, tf.tensor3d(kept, [patches.length, rows, columns]));
      return [...logitOf(images).dataSync()].map(without => logit - without);
    });
  });
  return Float32Array.from(places, place => drops[place] / sizes[place]);
}
