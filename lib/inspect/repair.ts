/** Which rows of an image made the network take it for another class. */
import { range } from '../base/range';
import { pixelsOf } from '../data/batch';
import type { DataSet } from '../data';
import type { SequenceClassifier } from '../model/model';
import { tf } from '../tfjs/tensorflow';
import { withoutTensors } from '../tfjs/without_tensors';

/** The smallest set of rows found that turns a wrong answer into the right one. */
export interface Repair {
  /** By their number, 0 for the first; taken from the mean image of the right class. */
  readonly rows: readonly number[];
  /** `exact`: no smaller set does it; `greedy`: a smaller one may. */
  readonly search: 'exact' | 'greedy';
}

/** Images in one pass. */
const candidatesAtATime = 500;
/** Sets of two rows are all tried up to so many; 45 rows have fewer. */
const mostPairs = 1000;

/** By class the mean of its images, rows · columns numbers 0..1; of a class without images black. */
export function meanImages({ images, labels, rows, columns, numClasses }: DataSet): Float32Array[] {
  const size = rows * columns;
  const sums = range(numClasses).map(() => new Float64Array(size));
  const counts = new Array<number>(numClasses).fill(0);
  labels.forEach((label, i) => {
    counts[label]++;
    const [sum, start] = [sums[label], i * size];
    for (let p = 0; p < size; p++) sum[p] += images[start + p] / 255;
  });
  return sums.map((sum, label) => Float32Array.from(sum, value => value / Math.max(1, counts[label])));
}

/**
 * All single rows are tried, then all pairs; from three rows on, the row that helps most is added to the best set so far.
 * @param mean of the right class
 * @returns undefined if not even all rows together turn the answer
 */
export function repair(
  model: SequenceClassifier,
  example: ReturnType<DataSet['example']>,
  mean: Float32Array,
): Repair | undefined {
  const { rows, columns, label } = example;
  const own = pixelsOf(example.pixels);
  /** How far the right class is ahead of the best other one, for each set; above 0 the answer is right. */
  const leads = (sets: readonly (readonly number[])[]): number[] =>
    range(Math.ceil(sets.length / candidatesAtATime)).flatMap(part => {
      const some = sets.slice(part * candidatesAtATime, (part + 1) * candidatesAtATime);
      const pixels = new Float32Array(some.length * own.length);
      some.forEach((set, i) => {
        pixels.set(own, i * own.length);
        for (const row of set) {
          const [from, to] = [row * columns, (row + 1) * columns];
          pixels.set(mean.subarray(from, to), i * own.length + from);
        }
      });
      return withoutTensors(() => {
        const scores = model.logits(tf.tensor3d(pixels, [some.length, rows, columns])).arraySync();
        return scores.map(all => all[label] - Math.max(...all.filter((_, other) => other !== label)));
      });
    });
  const best = (sets: readonly number[][]) => {
    const found = leads(sets);
    const lead = Math.max(...found);
    return { rows: sets[found.indexOf(lead)], lead };
  };
  const singles = range(rows).map(row => [row]);
  let chosen = best(singles);
  if (chosen.lead > 0) return { rows: chosen.rows, search: 'exact' };
  const pairs = range(rows).flatMap(a => range(rows - a - 1).map(b => [a, a + b + 1]));
  const tryAllPairs = pairs.length > 0 && pairs.length <= mostPairs;
  if (tryAllPairs) chosen = best(pairs);
  if (tryAllPairs && chosen.lead > 0) return { rows: chosen.rows, search: 'exact' };
  while (chosen.lead <= 0 && chosen.rows.length < rows) {
    const { rows: before } = chosen;
    chosen = best(singles.filter(([row]) => !before.includes(row)).map(([row]) => [...before, row]));
  }
  if (chosen.lead <= 0) return undefined;
  const sorted = [...chosen.rows].sort((a, b) => a - b);
  // Without smaller sets left to try, three rows are the fewest.
  return { rows: sorted, search: tryAllPairs && sorted.length === 3 ? 'exact' : 'greedy' };
}
