import type { Change } from '../../base/history';
import { textWidth } from '../../base/text_width';
import { showValue } from '../../base/format';
import { fontSize } from './theme';

/** Most changes that are marked: of a slider that was moved all the time, the last ones. */
export const changeLimit = 20;

/** `learningRate 0.0003`, `learningRate by schedule`; as plain text */
export function describeChange({ set }: Change): string {
  return Object.entries(set ?? {})
    .map(([name, value]) => {
      if (name !== 'manualLearningRate') return `${name} ${showValue(value)}`;
      return value === 0 ? 'learningRate by schedule' : `learningRate ${showValue(value)} by hand`;
    })
    .join(', ');
}

/** Pixels that the name of a change takes across its line. */
const nameHeight = 18;

/** Pixels that a name's box takes along its line; some systems have a font a fifth wider than Helvetica. */
export function boxLength(name: string): number {
  return 1.2 * textWidth(name, fontSize) + 8;
}

/**
 * Where along their lines the names of changes begin, so that none covers another: below the one before, where that is
 * too near, and again from the top where there is no room left below.
 * @param changes from left to right: where the line is, and how long the name is along it, in pixels
 * @param room along the line, in pixels
 * @returns from the top, in pixels
 */
export function placeChanges(
  changes: readonly { readonly x: number; readonly length: number }[],
  room: number,
): number[] {
  const starts: number[] = [];
  changes.forEach(({ x, length }, i) => {
    const before = changes[i - 1] as (typeof changes)[number] | undefined;
    const below = before && x - before.x < nameHeight ? starts[i - 1] + before.length + 4 : 0;
    starts.push(below + length <= room ? below : 0);
  });
  return starts;
}
