import { UserError } from '../errors';

/** What a data set is made of. */
export interface DataSetContent {
  /** [examples, rows, columns], pixels 0..255. */
  readonly images: Uint8Array;
  /** [examples], class indices from 0. */
  readonly labels: Uint8Array;
  /** Height of an image in pixels. */
  readonly rows: number;
  /** Width of an image in pixels. */
  readonly columns: number;
  readonly numClasses: number;
  /** What the classes are called, for charts. */
  readonly classNames?: readonly string[];
  /** Whether batches give labels one-hot or as class indices. */
  readonly oneHot: boolean;
}

/** @throws UserError when images, labels and sizes do not fit together */
export function checkContent({ images, labels, rows, columns, numClasses }: DataSetContent): void {
  const pixels = labels.length * rows * columns;
  if (images.length !== pixels) {
    throw new UserError(
      `Expected ${pixels} pixels for ${labels.length} labels of ${rows} × ${columns} images, ` +
        `found ${images.length}: each image needs one label`,
    );
  }
  checkLabels(labels, numClasses, 'the labels');
}

/** @param where for the message: whose labels they are */
export function checkLabels(labels: Uint8Array, numClasses: number, where: string): void {
  const wrong = labels.findIndex(label => label >= numClasses);
  if (wrong < 0) return;
  throw new UserError(
    `Expected labels from 0 to ${numClasses - 1} in ${where}, found ${labels[wrong]} at index ${wrong}: ` +
      'the labels are damaged, or there are more classes than were named',
  );
}
