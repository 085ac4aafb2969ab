/** Two tasks that nothing but memory can solve, made anew for each batch: nothing is read, and there is no end of data. */
import { UserError } from '../base/errors';
import type { Random } from '../base/random';
import { range } from '../base/range';
import { readableBatch, type Batch } from './batch';

export interface MemoryTaskOptions {
  /** Time steps of an example. */
  steps: number;
  /** Examples in a batch. */
  batchSize: number;
}

/**
 * Remember the first symbol: one of `symbols`, shown at the first time step, then noise until the end. The class is the
 * symbol, so guessing is wrong in all but one of `symbols` cases.
 * @param random is moved on: each call makes other examples
 * @returns images [batch, steps, symbols + 1]: the symbol one-hot beside a 1, which marks it; then numbers 0..1 beside a
 * 0. Labels one-hot, [batch, symbols]
 * @throws UserError for fewer than 2 steps or symbols
 *
 * @example
 * const batch = rememberSymbol({ steps: 50, batchSize: 64 }, createRandom(0));
 */
export function rememberSymbol(
  { steps, batchSize, symbols = 8 }: MemoryTaskOptions & { symbols?: number },
  random: Random,
): Batch {
  checkSizes({ steps, batchSize });
  if (!(Number.isInteger(symbols) && symbols >= 2)) {
    throw new UserError(`Expected at least 2 symbols to tell apart, found ${symbols}`);
  }
  const columns = symbols + 1;
  const labels = new Float32Array(batchSize * symbols);
  const images = new Float32Array(batchSize * steps * columns);
  for (const i of range(batchSize)) {
    const symbol = random.integer(symbols);
    labels[i * symbols + symbol] = 1;
    const first = i * steps * columns;
    images[first + symbol] = images[first + symbols] = 1;
    for (let t = 1; t < steps; t++) {
      for (const k of range(symbols)) images[first + t * columns + k] = random.uniform();
    }
  }
  return batchOf({ steps, batchSize }, { images, columns, labels, numClasses: symbols });
}

/**
 * The adding problem (Hochreiter & Schmidhuber 1997, experiment 4, in the form of Le, Jaitly & Hinton 2015): of all the
 * numbers, add the two that are marked, one in each half of the sequence. Always answering 1 has a mean squared error of
 * 1/6: the variance of the sum of two numbers.
 * @param random is moved on: each call makes other examples
 * @returns images [batch, steps, 2]: a number 0..1 and its mark, 0 or 1. Labels [batch, 1]: the sum, 0..2
 * @throws UserError for fewer than 2 steps
 *
 * @example
 * const batch = addMarked({ steps: 100, batchSize: 64 }, createRandom(0));
 */
export function addMarked({ steps, batchSize }: MemoryTaskOptions, random: Random): Batch {
  checkSizes({ steps, batchSize });
  const half = Math.floor(steps / 2);
  const images = Float32Array.from({ length: batchSize * steps * 2 }, (_, k) =>
    k % 2 === 0 ? random.uniform() : 0,
  );
  const labels = new Float32Array(batchSize);
  for (const i of range(batchSize)) {
    for (const t of [random.integer(half), half + random.integer(steps - half)]) {
      const number = (i * steps + t) * 2;
      labels[i] += images[number];
      images[number + 1] = 1;
    }
  }
  return batchOf({ steps, batchSize }, { images, columns: 2, labels, numClasses: 1 });
}

function checkSizes({ steps, batchSize }: MemoryTaskOptions): void {
  if (!(Number.isInteger(steps) && steps >= 2)) {
    throw new UserError(`Expected at least 2 time steps, one to remember and one to forget, found ${steps}`);
  }
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) {
    throw new UserError(`Expected a batchSize of at least 1, found ${batchSize}`);
  }
}

function batchOf(
  { steps, batchSize }: MemoryTaskOptions,
  content: { images: Float32Array; columns: number; labels: Float32Array; numClasses: number },
): Batch {
  return readableBatch({
    ...content,
    size: batchSize,
    rows: steps,
    oneHot: true,
    indices: Uint32Array.from(range(batchSize)),
  });
}
