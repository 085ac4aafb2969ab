/** A curve without its noise. A series is a list of points in the order of x. */
import { UserError } from './errors';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** @throws UserError unless it is a weight that `smooth` takes */
export function checkSmoothing(smoothing: number): void {
  if (smoothing >= 0 && smoothing < 1) return;
  throw new UserError(`Expected a smoothing from 0 to below 1, found ${smoothing}`);
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
