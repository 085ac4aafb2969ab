import type { TrainPoint } from '../../base/history';
import { lineColors } from './theme';

/** The colour of the learning rate, and of the numbers at its axis. */
export const rateColor = lineColors[2];

/**
 * The steps that tell their learning rate; none where it never changes, for then a curve would say nothing.
 * @param train in order
 */
export function changingRates(
  train: readonly TrainPoint[],
): (TrainPoint & { readonly learningRate: number })[] {
  const told = train.filter(
    (point): point is TrainPoint & { learningRate: number } => point.learningRate !== undefined,
  );
  return told.some(({ learningRate }) => learningRate !== told[0].learningRate) ? told : [];
}
