/** A matrix of units by time steps as a picture. */
import { cellsPng } from './cells_png';
import type { Matrix } from './matrix';
import { channels, colors } from './theme';

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
 * @param size pixels of the PNG for each step and unit
 */
export function stripPng(
  matrix: Matrix,
  order: readonly number[],
  largest: number,
  size = { width: stepWidth, height: Math.max(1, Math.ceil(leastHeight / order.length)) },
): string {
  const [positive, negative] = [channels(colors.vermilion), channels(colors.blue)];
  return cellsPng(matrix.length, order.length, size, (step, place) => {
    const value = matrix[step][order[place]] / largest;
    const share = Math.min(1, Math.round(Math.abs(value) * levels) / levels);
    return [...(value < 0 ? negative : positive), Math.round(255 * share)];
  });
}
