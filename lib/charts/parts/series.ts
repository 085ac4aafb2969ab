/** What a curve goes through before it is drawn. A series is a list of points in the order of x. */
import { LTTB } from 'downsample';
import { round } from '../../base/format';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Exponential moving average as TensorBoard draws it: y' = (1 − weight) · Σ weight^k · y[n − k], divided by the sum of
 * the weights so that the first values are not pulled towards zero.
 * @param weight 0 (no smoothing) to below 1
 */
export function smooth(points: readonly Point[], weight: number): Point[] {
  let average = 0;
  let totalWeight = 0;
  return points.map(({ x, y }) => {
    if (!Number.isFinite(y)) return { x, y: NaN };
    average = weight * average + (1 - weight) * y;
    totalWeight = weight * totalWeight + (1 - weight);
    return { x, y: average / totalWeight };
  });
}

/**
 * At most `limit` points that draw the same curve, by largest triangle three buckets (Steinarsson 2013): the first and
 * the last stay, and of each stretch between the point that stands out most. A series within the limit stays whole.
 * @param limit at least 3
 */
export function thin(points: readonly Point[], limit: number): Point[] {
  if (points.length <= limit) return [...points];
  return LTTB(points, limit) as Point[];
}

/**
 * Where a logarithmic axis has its numbers: at 1, 2 and 5 times the powers of ten, or, where fewer than two of them lie
 * among the values (the first steps of a training), at even steps from the lowest to the highest value.
 */
export function logTicks(values: readonly number[]): number[] {
  const positive = values.filter(value => Number.isFinite(value) && value > 0);
  const [lowest, highest] = positive.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, 0],
  );
  const usual = [-4, -3, -2, -1, 0, 1].flatMap(power => [1, 2, 5].map(digit => Number(`${digit}e${power}`)));
  const inside = usual.filter(tick => tick >= lowest && tick <= highest);
  if (inside.length >= 2 || positive.length === 0) return usual;
  if (lowest === highest) return [round(lowest)];
  const size = 10 ** Math.floor(Math.log10(highest - lowest));
  const step =
    [0.2, 0.5, 1].map(part => part * size).find(part => (highest - lowest) / part <= 6) ?? 2 * size;
  const first = Math.ceil(round(lowest / step)); // 2.28 / 0.01 is a little less than 228
  const last = Math.floor(round(highest / step));
  return Array.from({ length: last - first + 1 }, (_, i) => round((first + i) * step));
}
