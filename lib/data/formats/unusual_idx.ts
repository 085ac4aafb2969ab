/** What some data sets do otherwise than MNIST, undone. */
import { UserError } from '../../base/errors';
import { idxBytes, wrongLength } from '../idx';
import type { Examples } from './examples';

/** EMNIST's letters count their classes from 1. */
export function labelsFromZero(
  { labels, labelsPath }: Examples,
  firstLabel: number,
  numClasses: number,
): Uint8Array {
  const last = firstLabel + numClasses - 1;
  const wrong = labels.findIndex(label => label < firstLabel || label > last);
  if (wrong < 0) return firstLabel === 0 ? labels : labels.map(label => label - firstLabel);
  throw new UserError(
    `Expected labels from ${firstLabel} to ${last} in ${labelsPath}, found ${labels[wrong]} at index ${wrong}: ` +
      'the labels are damaged, or those of another data set',
  );
}

/** EMNIST's images are stored column after column, as MATLAB stores them. */
export function transposed(examples: Examples): Examples {
  const { images, rows: columns, columns: rows } = examples;
  const upright = new Uint8Array(images.length);
  const pixels = rows * columns;
  for (let start = 0; start < images.length; start += pixels) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        upright[start + row * columns + column] = images[start + column * rows + row];
      }
    }
  }
  return { ...examples, images: upright, rows, columns };
}

/** In QMNIST's label files: 32-bit integers in lines of eight. */
const [int32, lineLength] = [0x0c, 8];

/**
 * QMNIST tells of each digit its class, and then by whom and when it was written.
 * @returns an IDX file of the classes alone
 * @throws UserError if this is no such file
 */
export function firstOfLines(bytes: Uint8Array, path: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const expected = idxBytes(bytes);
  if (expected === undefined || bytes[2] !== int32 || bytes[3] !== 2 || view.getUint32(8) !== lineLength) {
    throw new UserError(
      `Expected lines of ${lineLength} 32-bit integers in ${path}, found another header: put QMNIST's own labels there`,
    );
  }
  if (bytes.length !== expected) throw wrongLength(path, String(expected), String(bytes.length));
  const count = view.getUint32(4);
  const classes = Buffer.alloc(8 + 4 * count);
  classes.set([0, 0, int32, 1]);
  classes.writeUInt32BE(count, 4);
  for (let i = 0; i < count; i++) classes.writeInt32BE(view.getInt32(12 + 4 * lineLength * i), 8 + 4 * i);
  return classes;
}
