/**
 * How sure the difference of two error rates is where each of several seeds was tested with the same images. Seeds and
 * images are crossed, so that a variance over seeds alone, or over images alone, tells half of it. The model: an error of
 * seed s on image i = mean + effect of s + effect of i + rest.
 */
import { variance } from '../../base/statistics';
import { criticalT, twoSidedP } from './student';

/** For each seed, for each image: 1 where the class was wrong, 0 where it was right. */
export type ErrorTable = readonly Uint8Array[];

/** What is known of a difference, and for which question. */
export interface Interval {
  /** Ends of its 95 % interval. */
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  /** Infinity where only the images vary. */
  readonly degreesOfFreedom: number;
  /** Two-sided, that there is no difference. */
  readonly pValue: number;
}

/** The variance of a difference of two means, by what causes it. */
export interface Variances {
  /** By the choice of seeds. */
  readonly seeds: number;
  /** By the choice of images. */
  readonly images: number;
  /** Of `seeds`. */
  readonly degreesOfFreedom: number;
}

/** The difference, with its intervals for two questions. */
export interface CrossedDifference {
  /** Error rate of the second minus that of the first, −1..1: above 0 where the first is better. */
  readonly difference: number;
  readonly variances: Variances;
  /** Of the error rates of single seeds: of their differences where they are paired, else of each group. */
  readonly seedVariances: readonly number[];
  /** What would further seeds show on these test images? */
  readonly theseImages: Interval;
  /** What would further seeds show on further images of this kind? */
  readonly newImages: Interval;
}

/** Of intervals and verdicts. */
export const level = 0.05;

/**
 * Both differences of means, the one of seeds as a t test has it and the one of images as mixed models have it.
 * - `theseImages`: the images are what they are. Paired: Student's t on the difference of each seed; otherwise Welch's,
 *   Biometrika 34, 1947, pp. 28–35.
 * - `newImages`: both are samples. The variance of the mean is that over seeds plus that over images, less the share of the
 *   rest, which that over seeds has already; its degrees of freedom are those of S. L. Hillis, "A comparison of
 *   denominator degrees of freedom methods for multiple observer ROC analysis", Statistics in Medicine 26, 2007, pp.
 *   596–619, where readers stand for seeds and cases for images. It is never narrower than `theseImages`: of two or three
 *   seeds the variance is known so badly that it would hold the difference too rarely. A bootstrap of both (A. B. Owen,
 *   "The pigeonhole bootstrap", Annals of Applied Statistics 1, 2007, pp. 386–411) does so for few seeds, too.
 *   `npx ts-node bench/coverage.ts` measures how often each interval holds the true difference.
 * @param first at least two seeds
 * @param second likewise, on the same images in the same order
 * @param paired whether seed k of the first goes with seed k of the second; then there are as many of both
 */
export function crossedDifference(first: ErrorTable, second: ErrorTable, paired: boolean): CrossedDifference {
  const tables = paired ? [differences(first, second)] : [first, second].map(toFloats);
  const parts = tables.map(analyse);
  const sign = paired ? [1] : [-1, 1];
  const difference = sum(parts.map(({ mean }, k) => sign[k] * mean));
  const numImages = first[0].length;
  const perImage = parts[0].imageMeans.map((_, i) =>
    sum(parts.map(({ imageMeans }, k) => sign[k] * imageMeans[i])),
  );
  const rest = sum(parts.map(({ restVariance, numSeeds }) => restVariance / (numSeeds * numImages)));
  const seedParts = parts.map(({ seedVariance, numSeeds }) => seedVariance / numSeeds);
  const variances: Variances = {
    seeds: sum(seedParts),
    images: Math.max(0, variance(perImage) / numImages - rest),
    degreesOfFreedom: pooled(
      seedParts.map((value, k) => ({ value, degreesOfFreedom: parts[k].numSeeds - 1 })),
    ),
  };
  const theseImages = interval(difference, { ...variances, images: 0 });
  return {
    difference,
    variances,
    seedVariances: parts.map(({ seedVariance }) => seedVariance),
    theseImages,
    newImages: atLeast(theseImages, interval(difference, variances)),
  };
}

function atLeast(other: Interval, { low, high, pValue, ...rest }: Interval): Interval {
  const ends = { low: Math.min(low, other.low), high: Math.max(high, other.high) };
  return { ...rest, ...ends, pValue: Math.max(pValue, other.pValue) };
}

/** The degrees of freedom of a sum of variances (F. E. Satterthwaite, Biometrics Bulletin 2, 1946, pp. 110–114). */
export function pooled(
  parts: readonly { readonly value: number; readonly degreesOfFreedom: number }[],
): number {
  const total = sum(parts.map(({ value }) => value));
  const spread = sum(parts.map(({ value, degreesOfFreedom }) => value ** 2 / degreesOfFreedom));
  return spread > 0 ? total ** 2 / spread : sum(parts.map(({ degreesOfFreedom }) => degreesOfFreedom));
}

/** Of the sum of both variances: images are many, and theirs counts as known. */
export function freedomOf({ seeds, images, degreesOfFreedom }: Variances): number {
  return seeds > 0 ? degreesOfFreedom * (1 + images / seeds) ** 2 : images > 0 ? Infinity : degreesOfFreedom;
}

function interval(difference: number, variances: Variances): Interval {
  const standardError = Math.sqrt(variances.seeds + variances.images);
  const degreesOfFreedom = freedomOf(variances);
  const half = criticalT(level, degreesOfFreedom) * standardError;
  const pValue =
    difference === 0 ? 1 : standardError === 0 ? 0 : twoSidedP(difference / standardError, degreesOfFreedom);
  return { low: difference - half, high: difference + half, standardError, degreesOfFreedom, pValue };
}

type Floats = readonly Float64Array[];

const toFloats = (table: ErrorTable): Floats => table.map(row => Float64Array.from(row));

const differences = (first: ErrorTable, second: ErrorTable): Floats =>
  second.map((row, k) => Float64Array.from(row, (wrong, i) => wrong - first[k][i]));

/** The two-way analysis of variance without replication. */
function analyse(table: Floats) {
  const [numSeeds, numImages] = [table.length, table[0].length];
  const seedMeans = table.map(row => sum(row) / numImages);
  const imageMeans = Array.from(table[0], (_, i) => sum(table.map(row => row[i])) / numSeeds);
  const mean = sum(seedMeans) / numSeeds;
  let squares = 0;
  table.forEach((row, s) =>
    row.forEach((value, i) => (squares += (value - seedMeans[s] - imageMeans[i] + mean) ** 2)),
  );
  const restVariance = squares / ((numSeeds - 1) * (numImages - 1));
  return { numSeeds, mean, imageMeans, seedVariance: variance(seedMeans), restVariance };
}

function sum(values: readonly number[] | Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
