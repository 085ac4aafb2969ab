import { cellsPng } from './cells_png';
import { channels, colors } from './theme';

/** A grey image with its class: a digit, or an example of any data set of the same form. */
export interface Digit {
  /** rows · columns bytes, row after row, 0..255 */
  readonly pixels: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  /** Class number. */
  readonly label: number;
  /** What the network takes it for; also a class number. */
  readonly prediction?: number;
}

/** Large enough that browsers have nothing to smooth. */
const scale = 8;

const dark = channels(colors.slate);
const light = channels(colors.onDark);

/**
 * The digit as a PNG in a data URI: 0 is slate, 255 white.
 * @param firstRow, lastRow only these rows of it; default all
 * @param size pixels of the PNG for each pixel of the digit
 */
export function digitPng(digit: Digit, firstRow = 0, lastRow = digit.rows - 1, size = scale): string {
  const numRows = lastRow - firstRow + 1;
  return cellsPng(digit.columns, numRows, { width: size, height: size }, (column, row) => {
    const share = digit.pixels[(firstRow + row) * digit.columns + column] / 255;
    return dark.map((from, i) => Math.round(from + share * (light[i] - from)));
  });
}

/** The class's name, or its number where classes have no names. */
export function nameOfClass(index: number, classNames?: readonly string[]): string {
  return classNames?.[index] ?? String(index);
}
