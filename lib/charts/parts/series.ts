/** What a curve goes through before it is drawn. A series is a list of points in the order of x. */
import { LTTB } from 'downsample';
import { round } from '../../base/format';
import type { Point } from '../../base/smooth';

/**
 * At most `limit` points that draw the same curve, by largest triangle three buckets (Steinarsson 2013): the first and
 * the last stay, and of each stretch between the point that stands out most. A series within the limit stays whole.
 * @param limit at least 3
 */
export function thin(points: readonly Point[], limit: number): Point[] {
  if (points.length <= limit) return [...points];
  return LTTB(points, limit) as Point[];
}

/** As they are drawn on a logarithmic axis, where a dip matters as much as a leap. @param points above 0 */
export function thinByLog(points: readonly Point[], limit: number): { x: number[]; y: number[] } {
  const shown = thin(
    points.map(({ x, y }) => ({ x, y: Math.log10(y) })),
    limit,
  );
  return { x: shown.map(({ x }) => x), y: shown.map(({ y }) => round(10 ** y)) };
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
