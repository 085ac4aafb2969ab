import { UserError } from '../base/errors';
import { pixelsOf } from '../data/batch';
import { tf } from '../tfjs/tensorflow';

/** An image that is looked at; `data.example(i)` is one. */
export interface InspectedImage {
  /** rows · columns bytes, row after row, 0..255 */
  readonly pixels: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  /** The right class, if it is known. */
  readonly label?: number;
}

/** [1, rows, columns], 0..1. @throws UserError for an image whose pixels are not rows · columns */
export function imageTensor({ pixels, rows, columns }: InspectedImage): tf.Tensor3D {
  if (pixels.length !== rows * columns) {
    throw new UserError(
      `Expected ${rows * columns} pixels for an image of ${rows} × ${columns}, found ${pixels.length}`,
    );
  }
  return tf.tensor3d(pixelsOf(pixels), [1, rows, columns]);
}
