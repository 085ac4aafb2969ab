import type { Annotations, Data } from 'plotly.js';
import { UserError } from '../base/errors';
import { digitPng, nameOfClass, type Digit } from './parts/digit';
import { frame, image, sheet, textAt, type Box } from './parts/drawing';
import { plotlyText } from '../base/text';
import { createFigure, type Figure } from './figure';
import { colors } from './parts/theme';

/** Options of `digitGrid`. */
export interface DigitGridOptions {
  /** Digits in a row of the grid. Default 8. */
  columns?: number;
  /** Name of each class, where the number says too little. */
  classNames?: readonly string[];
}

/** Sizes in pixels; the tile is three times as large as an image of MNIST. */
const tile = 84;
const gap = 10;
const margin = 10;
/** Two lines of text and the space round them. */
const captionHeight = 48;

/**
 * Images side by side, each with its label below. Where predictions are given, ✓ marks a right one; a wrong one has
 * a ✗, a frame, and both answers below it.
 * @throws UserError if columns is not a positive integer
 */
export function digitGrid(examples: readonly Digit[], options: DigitGridOptions = {}): Figure {
  const { columns = 8, classNames } = options;
  if (!Number.isInteger(columns) || columns < 1) {
    throw new UserError(`Expected a positive integer as the number of columns, found ${columns}`);
  }
  const boxes = examples.map((_, i) => ({
    x: margin + (i % columns) * (tile + gap),
    y: margin + Math.floor(i / columns) * (tile + captionHeight),
    width: tile,
    height: tile,
  }));
  const captions = examples.map(example => captionOf(example, classNames));
  const width = 2 * margin + Math.min(columns, examples.length) * (tile + gap) - gap;
  const height = 2 * margin + Math.ceil(examples.length / columns) * (tile + captionHeight);
  return createFigure({
    data: [hover(boxes, captions)],
    layout: {
      ...sheet(describe(examples), width, height),
      hoverdistance: tile / 2,
      images: examples.map((example, i) => image(digitPng(example), boxes[i])),
      annotations: examples.map((example, i) => caption(captions[i], boxes[i], isWrong(example))),
      shapes: boxes.filter((_, i) => isWrong(examples[i])).map(box => frame(box, colors.vermilion, 4)),
    },
  });
}

function isWrong({ label, prediction }: Digit): boolean {
  return prediction !== undefined && prediction !== label;
}

/** In one line or two. */
function captionOf({ label, prediction }: Digit, classNames?: readonly string[]): string[] {
  const truth = nameOfClass(label, classNames);
  if (prediction === undefined) return [truth];
  if (prediction === label) return [`✓ ${truth}`];
  return [`✗ ${nameOfClass(prediction, classNames)}`, `is ${truth}`];
}

function caption(
  lines: readonly string[],
  { x, y, width, height }: Box,
  wrong: boolean,
): Partial<Annotations> {
  const place = textAt(x + width / 2, y + height + 4, lines, { xanchor: 'center', yanchor: 'top' });
  return { ...place, font: { color: wrong ? colors.vermilion : colors.text } };
}

/** An invisible point on each image, for the mouse. */
function hover(boxes: readonly Box[], captions: readonly (readonly string[])[]): Data {
  return {
    type: 'scatter',
    mode: 'none',
    x: boxes.map(({ x, width }) => x + width / 2),
    y: boxes.map(({ y, height }) => y + height / 2),
    text: captions.map((lines, i) => plotlyText(`example ${i}: ${lines.join(', ')}`)),
    hovertemplate: '%{text}<extra></extra>',
  };
}

function describe(examples: readonly Digit[]): string {
  const wrong = examples.filter(isWrong).length;
  const judged = examples.some(({ prediction }) => prediction !== undefined);
  return `${examples.length} images with their labels${judged ? ` and predictions, ${wrong} of them wrong` : ''}`;
}
