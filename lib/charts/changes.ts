import type { Change } from '../history';
import { round } from './series';

/** Most changes that are marked: of a slider that was moved all the time, the last ones. */
export const changeLimit = 20;

/** `learningRate 0.0003` */
export function describeChange({ set }: Change): string {
  return Object.entries(set)
    .map(([name, value]) => `${name} ${round(value)}`)
    .join(', ');
}
