/** What a curve goes through before it is drawn. A series is a list of points in the order of x. */

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
    average = weight * average + (1 - weight) * y;
    totalWeight = weight * totalWeight + (1 - weight);
    return { x, y: average / totalWeight };
  });
}

/**
 * At most `limit` points that draw the same curve: the series is cut into stretches of equal count, and of each its
 * lowest and its highest point stay. A series within the limit stays whole.
 * @param limit at least 2
 */
export function thin(points: readonly Point[], limit: number): Point[] {
  if (points.length <= limit) return [...points];
  const stretches = Math.floor(limit / 2);
  return Array.from({ length: stretches }, (_, i) => {
    const start = Math.floor((i * points.length) / stretches);
    const end = Math.floor(((i + 1) * points.length) / stretches);
    return lowestAndHighest(points.slice(start, end));
  }).flat();
}

function lowestAndHighest(points: readonly Point[]): Point[] {
  const byHeight = [...points].sort((a, b) => a.y - b.y || a.x - b.x);
  const [lowest, highest] = [byHeight[0], byHeight[byHeight.length - 1]];
  return [lowest, highest].sort((a, b) => a.x - b.x);
}

/** Five significant digits are more than a screen can show, and keep a notebook's file small. Integers stay whole. */
export function round(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(5));
}
