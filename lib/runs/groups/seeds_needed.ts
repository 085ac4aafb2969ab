/** How many seeds would settle a difference, and how likely many differences are together. */
import { freedomOf, pooled, type CrossedDifference } from './crossed_design';
import { criticalT } from './student';

/** Beyond it the advice is another one. */
export const mostSeeds = 1000;

/**
 * So many seeds of each group that a difference as large as the measured one is found with a probability of 80 %: where
 * it is as large as the critical values of both errors together, times its standard error. Variance by seeds shrinks with
 * their number, variance by images stays.
 * @param level of the test
 * @returns at least two; Infinity where more than 1000 would not do
 */
export function seedsNeeded(
  { difference, seedVariances, variances: { images } }: Omit<CrossedDifference, 'theseImages' | 'newImages'>,
  level: number,
): number {
  const isEnough = (count: number) => {
    const means = seedVariances.map(value => ({ value: value / count, degreesOfFreedom: count - 1 }));
    const seeds = means.reduce((total, { value }) => total + value, 0);
    const then = { seeds, images, degreesOfFreedom: pooled(means) };
    return [then, { ...then, images: 0 }].every(variances => {
      const freedom = freedomOf(variances);
      const reach = criticalT(level, freedom) + criticalT(2 * (1 - power), freedom);
      return Math.abs(difference) >= reach * Math.sqrt(variances.seeds + variances.images);
    });
  };
  if (difference === 0 || !isEnough(mostSeeds)) return Infinity;
  let [low, high] = [1, mostSeeds];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const power = 0.8;

/**
 * The p values of several comparisons, so that with all of them together a difference is found by chance at most as often
 * as with one: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6,
 * 1979, pp. 65–70.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a] - pValues[b]);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[index]));
    adjusted[index] = largest;
  });
  return adjusted;
}
