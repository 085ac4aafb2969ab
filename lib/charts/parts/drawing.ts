import type { Annotations, Image, Shape } from 'plotly.js';
import { plotlyLines } from '../../base/text';
import type { FigureLayout } from '../figure';
import { baseLayout, colors } from './theme';

/** Parts of figures that are drawings: one unit of both axes is one pixel, x from the left and y from the top. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A sheet of fixed size, without margins and visible axes. Where it gets another size all the same, it keeps its
 * proportions: JupyterLab saves a picture of each chart that is as wide as the page.
 */
export function sheet(description: string, width: number, height: number): FigureLayout {
  const axis = { visible: false, fixedrange: true, constrain: 'domain' } as const;
  return {
    ...baseLayout(description),
    width,
    height,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    modebar: { remove: ['toImage', 'resetScale2d'] }, // nothing can be zoomed; the toolbar would cover the drawing
    xaxis: { ...axis, range: [0, width], scaleanchor: 'y', constraintoward: 'left' },
    yaxis: { ...axis, range: [height, 0], constraintoward: 'top' },
    hovermode: 'closest',
  };
}

/** @param source data URI */
export function image(source: string, { x, y, width, height }: Box): Partial<Image> {
  const place = { xref: 'x', yref: 'y', x, y, xanchor: 'left', yanchor: 'top' } as const;
  return { source, ...place, sizex: width, sizey: height, sizing: 'stretch', layer: 'below' };
}

/** Just outside the box. */
export function frame({ x, y, width, height }: Box, color: string, lineWidth: number): Partial<Shape> {
  const half = lineWidth / 2;
  const corners = { x0: x - half, y0: y - half, x1: x + width + half, y1: y + height + half };
  return { type: 'rect', ...corners, line: { color, width: lineWidth } };
}

export function line(x0: number, y0: number, x1: number, y1: number, color: string): Partial<Shape> {
  return { type: 'line', x0, y0, x1, y1, line: { color, width: 1 } };
}

/**
 * @param text plain text, or several lines of it
 * @param anchor says which part of the text lies at x and y
 */
export function textAt(
  x: number,
  y: number,
  text: string | readonly string[],
  anchor: Pick<Annotations, 'xanchor' | 'yanchor'>,
): Partial<Annotations> {
  return { xref: 'x', yref: 'y', x, y, text: plotlyLines([text].flat()), ...anchor, showarrow: false };
}

/** From the first point to the second. */
export function arrow(
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
  color: string = colors.text,
): Partial<Annotations> {
  return {
    ...{ xref: 'x', yref: 'y', x: toX, y: toY, axref: 'x', ayref: 'y', ax: fromX, ay: fromY },
    ...{
      text: '',
      font: { size: 1 },
      showarrow: true,
      arrowhead: 2,
      arrowsize: 1,
      arrowwidth: 1.5,
      arrowcolor: color,
    },
  };
}
