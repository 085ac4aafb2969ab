/** The pictures of an attribution: the overlay on the digit, the bars of its rows, and the colour scale. */
import type { Annotations, Image, Shape } from 'plotly.js';
import { round } from '../../base/format';
import { cellsPng } from '../parts/cells_png';
import { image, line, textAt, type Box } from '../parts/drawing';
import { channels, colors } from '../parts/theme';

/** What one method says; `attribution` returns it. */
export interface AttributionRecord {
  /** Such as 'integratedGradients'. */
  readonly method: string;
  readonly image: {
    /** rows · columns bytes, 0..255 */
    readonly pixels: Uint8Array;
    readonly rows: number;
    readonly columns: number;
    /** The right class, if it is known. */
    readonly label?: number;
  };
  /** The class whose logit is explained. */
  readonly target: number;
  /** What each pixel adds to the logit, row after row. */
  readonly values: ArrayLike<number>;
  /** The sum over each row. */
  readonly rows: ArrayLike<number>;
}

/** Pixels that the bars take to the right of a picture. */
export const barsWidth = 44;
/** Opacity of the digit under its overlay, 0..255 for a white pixel. */
const inkOpacity = 90;

/**
 * The digit in grey and the values painted over it; where neither is, the page shines through.
 * @param largest the value that gets the full colour
 */
export function overlayPng({ image, values }: AttributionRecord, largest: number): string {
  const { pixels, rows, columns } = image;
  const ink = channels(colors.text);
  // One picture: of two images in the same place Plotly draws the first only.
  return cellsPng(columns, rows, { width: 8, height: 8 }, (column, row) => {
    const i = row * columns + column;
    return over(overlayColor(values[i] / largest), [...ink, Math.round((inkOpacity * pixels[i]) / 255)]);
  });
}

/** One colour painted over another; each red, green, blue and opacity. */
function over(front: readonly number[], back: readonly number[]): number[] {
  const [a, b] = [front[3] / 255, (back[3] / 255) * (1 - front[3] / 255)];
  if (a + b === 0) return [0, 0, 0, 0];
  const mixed = [0, 1, 2].map(i => Math.round((a * front[i] + b * back[i]) / (a + b)));
  return [...mixed, Math.round(255 * (a + b))];
}

/** @param value −1 to 1; its square root decides the opacity, so that small values can be seen */
function overlayColor(value: number): number[] {
  const opacity = Math.round(255 * Math.sqrt(Math.min(1, Math.abs(value))));
  return [...channels(value < 0 ? colors.blue : colors.vermilion), opacity];
}

/** The sums over the rows as bars from a line in the middle: to the right for the class, to the left against it. */
export function rowBars(rows: ArrayLike<number>, tile: Box, largest: number): Partial<Shape>[] {
  const middle = tile.x + tile.width + 4 + barsWidth / 2;
  const height = tile.height / rows.length;
  const bars = Array.from(rows, (value, row) => {
    const end = middle + (value / largest) * (barsWidth / 2);
    const [from, to] = [tile.y + row * height, tile.y + (row + 0.8) * height].map(y => round(y));
    return { value, path: `M${round(middle)},${from}H${round(end)}V${to}H${round(middle)}Z` };
  });
  const filled = (color: string, some: typeof bars): Partial<Shape>[] =>
    some.length === 0
      ? []
      : [{ type: 'path', path: some.map(({ path }) => path).join(''), fillcolor: color, line: { width: 0 } }];
  return [
    ...filled(colors.vermilion, bars.filter(({ value }) => value > 0)), // prettier-ignore
    ...filled(colors.blue, bars.filter(({ value }) => value < 0)), // prettier-ignore
    line(middle, tile.y, middle, tile.y + tile.height, colors.text),
  ];
}

/** The colours from the most that speaks against the class to the most that speaks for it. */
export function colorScale(
  largest: number,
  box: Box,
): { image: Partial<Image>; numbers: Partial<Annotations>[] } {
  const count = 61;
  const colorOf = (column: number) => overlayColor((2 * column) / (count - 1) - 1);
  const under = { xanchor: 'center', yanchor: 'top' } as const;
  const most = largest.toPrecision(2);
  return {
    image: image(cellsPng(count, 1, { width: 3, height: 14 }, colorOf), box),
    numbers: [
      textAt(box.x, box.y + 16, `−${most}`, { ...under, xanchor: 'left' }),
      textAt(box.x + box.width / 2, box.y + 16, '0', under),
      textAt(box.x + box.width, box.y + 16, `+${most}`, { ...under, xanchor: 'right' }),
      textAt(box.x, box.y + 34, 'added to the logit by a pixel', { ...under, xanchor: 'left' }),
    ],
  };
}
