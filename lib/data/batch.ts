import { readable } from '../base/readable';
import type { DataSetContent } from './content';

interface Examples {
  /** Number of examples. */
  readonly size: number;
  /** [size, rows, columns], pixels 0..1. */
  readonly images: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly numClasses: number;
  /** [size]: which examples of the data set these are. */
  readonly indices: Uint32Array;
}

/** Labels one-hot, [size, numClasses], or as class indices, [size]. */
type Labels =
  | { readonly oneHot: true; readonly labels: Float32Array }
  | { readonly oneHot: false; readonly labels: Int32Array };

/** Some examples of a data set, as numbers that a tensor can be made of. */
export type Batch = Examples & Labels;

/** Byte → pixel as the original computes it: a float32 product with float32(1/255), not a division. */
const pixelOfByte = Float32Array.from({ length: 256 }, (_, byte) => byte * Math.fround(1 / 255));

/** Pixels 0..1 of pixels 0..255. */
export function pixelsOf(bytes: Uint8Array): Float32Array {
  return Float32Array.from(bytes, byte => pixelOfByte[byte]);
}

/** The examples with these indices, in this order. */
export function makeBatch(data: DataSetContent, indices: Uint32Array): Batch {
  const { rows, columns, numClasses } = data;
  const size = indices.length;
  const pixels = rows * columns;
  const images = new Float32Array(size * pixels);
  for (let i = 0; i < size; i++) {
    const from = indices[i] * pixels;
    for (let p = 0; p < pixels; p++) images[i * pixels + p] = pixelOfByte[data.images[from + p]];
  }
  const examples = { size, images, rows, columns, numClasses, indices: indices.slice() };
  const classes = Int32Array.from(indices, index => data.labels[index]);
  if (!data.oneHot) return readableBatch({ ...examples, oneHot: false, labels: classes });
  const labels = new Float32Array(size * numClasses);
  classes.forEach((label, i) => (labels[i * numClasses + label] = 1));
  return readableBatch({ ...examples, oneHot: true, labels });
}

export function readableBatch(batch: Batch): Batch {
  return readable(batch, {
    text: ({ size, rows, columns, numClasses, oneHot }) =>
      `Batch of ${size}: images [${size}, ${rows}, ${columns}], ` +
      `labels [${[size, ...(oneHot ? [numClasses] : [])].join(', ')}]${oneHot ? ' one-hot' : ''}`,
  });
}
