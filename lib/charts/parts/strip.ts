/** A matrix of units by time steps as a picture. */
import { cellsPng } from './cells_png';
import { channels, colors } from './theme';

/** `matrix[step][unit]`. */
export type Matrix = readonly ArrayLike<number>[];

/** Pixels of the PNG for each step, so that browsers have nothing to smooth. */
const stepWidth = 12;
/** At least so many pixels high. */
const leastHeight = 120;
/** Of transparency; fewer make a smaller file. */
const levels = 24;

/**
 * Vermilion above zero, blue below, the stronger the further; at zero the page shines through, light or dark.
 * @param largest the value that gets the full colour
 * @param order of the units from top to bottom
 */
export function stripPng(matrix: Matrix, order: readonly number[], largest: number): string {
  const unitHeight = Math.max(1, Math.ceil(leastHeight / order.length));
  const [positive, negative] = [channels(colors.vermilion), channels(colors.blue)];
  return cellsPng(matrix.length, order.length, { width: stepWidth, height: unitHeight }, (step, place) => {
    const value = matrix[step][order[place]] / largest;
    const share = Math.min(1, Math.round(Math.abs(value) * levels) / levels);
    return [...(value < 0 ? negative : positive), Math.round(255 * share)];
  });
}

/** The largest absolute value, or 1 where all are 0. */
export function largestIn(matrix: Matrix): number {
  let largest = 0;
  for (const step of matrix) {
    for (let unit = 0; unit < step.length; unit++) largest = Math.max(largest, Math.abs(step[unit]));
  }
  return largest || 1;
}

/**
 * Units in an order in which structure shows: those that are mostly above zero, from the earliest active to the latest;
 * then those mostly below, from the latest to the earliest. When a unit is active: the centre of mass of |value|.
 */
export function byActivity(matrix: Matrix): number[] {
  const units = Array.from({ length: matrix[0].length }, (_, unit) => {
    let [sum, size, weighted] = [0, 0, 0];
    matrix.forEach((step, t) => {
      sum += step[unit];
      size += Math.abs(step[unit]);
      weighted += t * Math.abs(step[unit]);
    });
    return { unit, above: sum >= 0, centre: size > 0 ? weighted / size : 0 };
  });
  const sorted = units.sort((a, b) => a.centre - b.centre || a.unit - b.unit);
  const ordered = [...sorted.filter(({ above }) => above), ...sorted.filter(({ above }) => !above).reverse()];
  return ordered.map(({ unit }) => unit);
}
