import { UserError } from '../base/errors';
import { randomFromState, shuffle, type Random, type RandomState } from '../base/random';
import { readable } from '../base/readable';
import { textOf } from '../base/text';
import { makeBatch, type Batch } from './batch';
import { checkContent, type DataSetContent } from './content';
import { partOf, type SetRecipe } from './recipe';

/** Where a data set stands between two batches; can be written as JSON. */
export interface DataSetState {
  readonly numExamples: number;
  readonly epochsCompleted: number;
  /** Examples of this epoch handed out so far. */
  readonly position: number;
  readonly random: RandomState;
}

/**
 * Images and labels that are handed out in batches. Pixels stay bytes until they are batched.
 *
 * @example
 * const { images, labels } = mnist.train.nextBatch(64); // images [64, 28, 28], 0..1
 */
export class DataSet implements DataSetContent {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly numExamples: number;
  readonly rows: number;
  readonly columns: number;
  readonly numClasses: number;
  readonly classNames?: readonly string[];
  readonly oneHot: boolean;
  readonly recipe?: SetRecipe;

  private completed = 0;
  private position = 0;
  private order?: Uint32Array;

  /**
   * @param random decides the order of `nextBatch`
   * @throws UserError when images, labels and sizes do not fit together
   */
  constructor(
    content: DataSetContent,
    private random: Random,
  ) {
    checkContent(content);
    const { images, labels, rows, columns, numClasses } = content;
    this.images = images;
    this.labels = labels;
    this.numExamples = labels.length;
    this.rows = rows;
    this.columns = columns;
    this.numClasses = numClasses;
    this.classNames = content.classNames;
    this.oneHot = content.oneHot;
    this.recipe = content.recipe;
  }

  /** How often all examples were handed out; it grows when the next epoch's first example is taken. */
  get epochsCompleted(): number {
    return this.completed;
  }

  /**
   * The next examples in random order; always `size` of them. At the end of an epoch it gives the rest of the old
   * order followed by the start of the new one, as the original program's `next_batch`.
   * @throws UserError if size is not an integer from 1 to numExamples
   */
  nextBatch(size: number): Batch {
    checkBatchSize(size);
    if (size > this.numExamples) {
      throw new UserError(
        `Expected a batch of at most the ${this.numExamples} examples of the data set, found ${size}: ` +
          'choose a smaller batch size',
      );
    }
    const indices = this.takeFromOrder(size);
    if (indices.length === size) return makeBatch(this, indices);
    this.completed++;
    this.position = 0;
    this.order = undefined;
    const both = new Uint32Array(size);
    both.set(indices);
    both.set(this.takeFromOrder(size - indices.length), indices.length);
    return makeBatch(this, both);
  }

  /**
   * All examples once, in their own order, for evaluation; the last batch is shorter if need be. The random order of
   * `nextBatch` is not touched.
   * @throws UserError if size is not a positive integer
   */
  batches(size: number): Generator<Batch> {
    checkBatchSize(size);
    return this.inOrder(size);
  }

  /** One image, [rows, columns], pixels 0..255: a view, not a copy. */
  image(index: number): Uint8Array {
    const pixels = this.rows * this.columns;
    return this.images.subarray(this.checkIndex(index) * pixels, (index + 1) * pixels);
  }

  /** The class index of one example. */
  label(index: number): number {
    return this.labels[this.checkIndex(index)];
  }

  /** One example for a picture. */
  example(index: number): { pixels: Uint8Array; rows: number; columns: number; label: number } {
    return { pixels: this.image(index), rows: this.rows, columns: this.columns, label: this.label(index) };
  }

  /** The first `count` examples as a data set of its own; shares the memory. */
  take(count: number): DataSet {
    return this.subset(0, count);
  }

  /**
   * The examples from `start` to before `end` as a data set of its own; shares the memory.
   * @throws UserError if there are no such examples
   */
  subset(start: number, end: number): DataSet {
    const whole = Number.isInteger(start) && Number.isInteger(end);
    if (!whole || start < 0 || end < start || end > this.numExamples) {
      throw new UserError(
        `Expected integers with 0 ≤ start ≤ end ≤ ${this.numExamples} (the examples there are), ` +
          `found start ${start}, end ${end}`,
      );
    }
    const pixels = this.rows * this.columns;
    const images = this.images.subarray(start * pixels, end * pixels);
    const labels = this.labels.subarray(start, end);
    const { rows, columns, numClasses, classNames, oneHot } = this;
    const recipe = this.recipe && partOf(this.recipe, start, end);
    const content = { images, labels, rows, columns, numClasses, classNames, oneHot, recipe };
    return new DataSet(content, this.random.fork(`${start}-${end}`));
  }

  /** The same examples with an order of their own; shares the memory. */
  withOrder(random: Random): DataSet {
    return new DataSet(this, random);
  }

  /** Where `nextBatch` stands, for a checkpoint. */
  state(): DataSetState {
    const { numExamples, completed: epochsCompleted, position, random } = this;
    return { numExamples, epochsCompleted, position, random: random.state() };
  }

  /**
   * Continue with exactly the batches that followed when the state was taken.
   * @throws UserError for the state of a data set of another size
   */
  restore(state: DataSetState): void {
    if (state.numExamples !== this.numExamples) {
      throw new UserError(
        `Expected the state of a data set with ${this.numExamples} examples, found one of ${state.numExamples}: ` +
          'read the same data with the same validationSize',
      );
    }
    this.completed = state.epochsCompleted;
    this.position = state.position;
    this.random = randomFromState(state.random);
    this.order = undefined;
  }

  /** At most `count` examples; fewer at the end of the epoch. */
  private takeFromOrder(count: number): Uint32Array {
    this.order ??= this.shuffledOrder();
    const indices = this.order.subarray(this.position, this.position + count);
    this.position += indices.length;
    return indices;
  }

  /** Each epoch has its own stream, so that a checkpoint need not hold the order. */
  private shuffledOrder(): Uint32Array {
    const order = Uint32Array.from({ length: this.numExamples }, (_, i) => i);
    shuffle(order, this.random.fork(this.completed));
    return order;
  }

  private *inOrder(size: number): Generator<Batch> {
    for (let start = 0; start < this.numExamples; start += size) {
      const length = Math.min(size, this.numExamples - start);
      yield makeBatch(
        this,
        Uint32Array.from({ length }, (_, i) => start + i),
      );
    }
  }

  private checkIndex(index: number): number {
    if (Number.isInteger(index) && index >= 0 && index < this.numExamples) return index;
    throw new UserError(`Expected the index of an example, 0 to ${this.numExamples - 1}, found ${index}`);
  }
}

readable(DataSet.prototype, {
  text: ({ numExamples, rows, columns, numClasses, classNames, oneHot, epochsCompleted }) => {
    const telling = classNames?.some((name, i) => name !== String(i));
    const names = telling ? ` (${classNames!.map(textOf).join(', ')})` : '';
    const labels = oneHot ? ', labels one-hot' : '';
    const epochs = epochsCompleted > 0 ? `, epoch ${epochsCompleted}` : '';
    return `DataSet of ${numExamples} images, ${rows} × ${columns} pixels, ${numClasses} classes${names}${labels}${epochs}`;
  },
});

function checkBatchSize(size: number): void {
  if (Number.isInteger(size) && size >= 1) return;
  throw new UserError(`Expected a positive integer as batch size, found ${size}: choose another, such as 64`);
}
