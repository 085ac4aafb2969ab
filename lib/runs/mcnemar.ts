/** Two classifiers on the same images: is the difference of their errors more than chance? */
import { UserError } from '../base/errors';

/** How two classifiers did on the same images; the four counts together are all images. */
export interface PairedCounts {
  /** Images that only the first takes for another class: b in the literature. */
  readonly onlyFirstWrong: number;
  /** c */
  readonly onlySecondWrong: number;
  readonly bothWrong: number;
  readonly bothRight: number;
}

/** How much better one classifier is than another, on the same images. */
export interface Difference {
  /** Error rate of the second minus that of the first, −1..1: above 0 where the first is better. */
  readonly difference: number;
  /** Ends of its 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** 97.5 % of a normal distribution lie below it. */
const z = 1.959963984540054;

/**
 * McNemar's test in its exact form: if both classifiers were equally good, each image that only one of them gets wrong
 * would be as likely to be the one's as the other's. Nothing is approximated for large counts: the binomial
 * probabilities are summed by their ratios to the largest, whose logarithm is known.
 * @param b how many images only the first gets wrong
 * @param c how many only the second gets wrong
 * @returns the two-sided p value, 0..1; values below 10^-308 lose digits and become 0
 * @throws UserError if the counts are no counts
 */
export function mcnemarTest(b: number, c: number): number {
  checkCounts({ b, c });
  const total = b + c;
  const fewer = Math.min(b, c);
  if (b === c) return 1;
  // log of binomial(total, fewer) / 2^total, the largest term of the tail
  let logLargest = -total * Math.LN2;
  for (let i = 1; i <= fewer; i++) logLargest += Math.log((total - fewer + i) / i);
  let sum = 0;
  let ratio = 1;
  for (let k = fewer; k >= 0 && ratio > 0; k--) {
    sum += ratio;
    ratio *= k / (total - k + 1);
  }
  return Math.min(1, 2 * Math.exp(logLargest + Math.log(sum)));
}

/**
 * The difference of two error rates on the same images with its 95 % interval: method 10 of R. G. Newcombe, "Improved
 * confidence intervals for the difference between binomial proportions based on paired data", Statistics in Medicine
 * 17, 1998, pp. 2635–2650. It joins Wilson's intervals of both rates, with the correlation φ between the errors; unlike
 * Wald's interval it keeps its level where errors are few, and has a width where no error differs.
 * @throws UserError if the counts are no counts, or all are 0
 */
export function pairedDifference(counts: PairedCounts): Difference {
  checkCounts({ ...counts });
  const { onlyFirstWrong: b, onlySecondWrong: c, bothWrong, bothRight } = counts;
  const total = b + c + bothWrong + bothRight;
  if (total === 0) throw new UserError('Expected at least one image, found none');
  const first = wilson(bothWrong + b, total);
  const second = wilson(bothWrong + c, total);
  const phi = correlation(counts, total);
  const join = (below: number, above: number) =>
    Math.sqrt(Math.max(0, below ** 2 - 2 * phi * below * above + above ** 2));
  const difference = (c - b) / total;
  return {
    difference,
    low: difference - join(second.rate - second.low, first.high - first.rate),
    high: difference + join(second.high - second.rate, first.rate - first.low),
  };
}

/** E. B. Wilson's interval for one proportion, 1927. */
function wilson(count: number, total: number): { rate: number; low: number; high: number } {
  const rate = count / total;
  const middle = rate + z ** 2 / (2 * total);
  const half = z * Math.sqrt((rate * (1 - rate) + z ** 2 / (4 * total)) / total);
  const scale = 1 + z ** 2 / total;
  return { rate, low: (middle - half) / scale, high: (middle + half) / scale };
}

/** φ between the errors, a positive one corrected for continuity: what tells method 10 from method 8. */
function correlation(counts: PairedCounts, total: number): number {
  const { onlyFirstWrong: b, onlySecondWrong: c, bothWrong: a, bothRight: d } = counts;
  const sizes = (a + b) * (c + d) * (a + c) * (b + d);
  const product = a * d - b * c;
  const corrected = product > 0 ? Math.max(product - total / 2, 0) : product;
  return sizes === 0 ? 0 : corrected / Math.sqrt(sizes);
}

function checkCounts(counts: Record<string, number>): void {
  const wrong = Object.entries(counts).find(([, count]) => !Number.isSafeInteger(count) || count < 0);
  if (wrong) {
    throw new UserError(
      `Expected the number of images for ${wrong[0]}, an integer from 0 up, found ${wrong[1]}`,
    );
  }
}
