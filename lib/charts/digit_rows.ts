import { round } from '../base/format';
import type { Annotations, Data } from 'plotly.js';
import { UserError } from '../base/errors';
import { digitPng, nameOfClass, type Digit } from './parts/digit';
import { frame, image, line, sheet, textAt, type Box } from './parts/drawing';
import { createFigure, type Figure } from './figure';
import { colors } from './parts/theme';

/** Options of `digitRows`. */
export interface DigitRowsOptions {
  /** The row that is framed in both halves, 0 for the first. Default the middle one. */
  row?: number;
  /** Name of each class, where the number says too little. */
  classNames?: readonly string[];
}

/** Sizes and places in pixels. */
const sheetWidth = 740;
const pictureSize = 280;
const pictureLeft = 20;
const sequenceLeft = 370;
const top = 40;
const bottom = 14;
/** Space between two rows of the sequence, as part of a row's height. */
const gap = 0.7;
/** Most time steps that have their number beside them. */
const labelLimit = 28;

/**
 * How the network reads an image: on the left the picture, on the right its rows pulled apart in the order in which
 * they are read, one at each time step.
 * @throws UserError if the image has no such row
 */
export function digitRows(example: Digit, options: DigitRowsOptions = {}): Figure {
  const { rows, columns } = example;
  const { row = Math.floor(rows / 2), classNames } = options;
  if (!Number.isInteger(row) || row < 0 || row >= rows) {
    throw new UserError(`Expected a row of the image, 0 to ${rows - 1}, found ${row}`);
  }
  const name = nameOfClass(example.label, classNames);
  const { picture, sequence } = placesOf(example);
  const last = sequence[rows - 1];
  const rowInPicture = { ...picture, y: picture.y + (row * picture.height) / rows, height: last.height };
  const right = picture.x + picture.width;
  const middle = last.height / 2;
  const above = { xanchor: 'left', yanchor: 'bottom' } as const;
  return createFigure({
    data: [hover(example, sequence)],
    layout: {
      ...sheet(
        `The image of a ${name} and its ${rows} rows, one for each time step`,
        sheetWidth,
        last.y + last.height + bottom,
      ),
      images: [
        image(digitPng(example), picture),
        ...sequence.map((box, i) => image(digitPng(example, i, i), box)),
      ],
      shapes: [
        line(right, picture.y, sequenceLeft, top, colors.text),
        line(right, picture.y + picture.height, sequenceLeft, last.y + last.height, colors.text),
        line(right, rowInPicture.y + middle, sequenceLeft, sequence[row].y + middle, colors.vermilion),
        ...sequence.map(box => frame(box, colors.text, 1)),
        ...[rowInPicture, sequence[row]].map(box => frame(box, colors.vermilion, 2)),
      ],
      annotations: [
        textAt(picture.x, picture.y - 4, `image of a ${name}: ${rows} × ${columns} pixels`, above),
        textAt(sequenceLeft, top - 4, `sequence: ${rows} steps of ${columns} numbers`, above),
        ...timeLabels(sequence, row),
        timeArrow(sequence),
      ],
    },
  });
}

/** The picture stands at half the height of the sequence. */
function placesOf({ rows, columns }: Digit): { picture: Box; sequence: Box[] } {
  const pixel = pictureSize / Math.max(rows, columns);
  const pitch = pixel * (1 + gap);
  const width = columns * pixel;
  const height = rows * pixel;
  const sequenceHeight = (rows - 1) * pitch + pixel;
  const sequence = Array.from({ length: rows }, (_, i) => {
    return { x: sequenceLeft, y: top + i * pitch, width, height: pixel };
  });
  return { picture: { x: pictureLeft, y: top + (sequenceHeight - height) / 2, width, height }, sequence };
}

/** One invisible point for each number of the sequence, for the mouse. */
function hover({ pixels, columns }: Digit, sequence: readonly Box[]): Data {
  const places = sequence.flatMap(({ x, y, width, height }, i) =>
    Array.from({ length: columns }, (_, j) => ({
      x: x + ((j + 0.5) * width) / columns,
      y: y + height / 2,
      text: `t = ${i + 1}, number ${j + 1}: ${(pixels[i * columns + j] / 255).toFixed(2)}`,
    })),
  );
  return {
    type: 'scatter',
    mode: 'none',
    x: places.map(({ x }) => round(x)),
    y: places.map(({ y }) => round(y)),
    text: places.map(({ text }) => text),
    hovertemplate: '%{text}<extra></extra>',
  };
}

/** The number of each step to the right of its row; of many steps only some. */
function timeLabels(sequence: readonly Box[], row: number): Partial<Annotations>[] {
  const every = Math.ceil(sequence.length / labelLimit);
  const labels = sequence.map(({ x, y, width, height }, i) => {
    const font = i === row ? { color: colors.vermilion, weight: 'bold' as const } : { color: colors.text };
    const anchor = { xanchor: 'left', yanchor: 'middle' } as const;
    return { ...textAt(x + width + 4, y + height / 2, `t = ${i + 1}`, anchor), font: { size: 11, ...font } };
  });
  return labels.filter((_, i) => i % every === 0 || i === row);
}

/** Along the right side of the sequence, from its first step to its last. */
function timeArrow(sequence: readonly Box[]): Partial<Annotations> {
  const last = sequence[sequence.length - 1];
  const x = last.x + last.width + 66;
  return {
    ...textAt(x, last.y + last.height, 'time', { xanchor: 'center', yanchor: 'bottom' }),
    showarrow: true,
    axref: 'x',
    ayref: 'y',
    ax: x,
    ay: top,
    arrowhead: 2,
    arrowwidth: 1.5,
    arrowcolor: colors.text,
  };
}
