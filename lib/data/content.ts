import { UserError } from '../base/errors';
import type { SetRecipe } from './recipe';

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
  /** Where another process can read the same examples; undefined for data that were made in memory. */
  readonly recipe?: SetRecipe;
}

/** Names come from outside and stand in charts. */
const className = /^(?!.*<[a-z/!?])\P{Control}{1,100}$/iu;

/** @throws UserError when images, labels and sizes do not fit together */
export function checkContent(content: DataSetContent): void {
  const { images, labels, rows, columns, numClasses, classNames } = content;
  const wrong = classNames?.find(name => typeof name !== 'string' || !className.test(name));
  if (wrong !== undefined) {
    throw new UserError(
      `Expected class names of 1 to 100 characters without line breaks and HTML tags, found ${JSON.stringify(wrong)}`,
    );
  }
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
