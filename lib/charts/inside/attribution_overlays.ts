/** What several methods say about which pixels of one image mattered, beside each other. */
import type { Data } from 'plotly.js';
import { UserError } from '../../base/errors';
import { round } from '../../base/format';
import { correlation, indexOfLargest } from '../../base/statistics';
import { plotlyText } from '../../base/text';
import { createFigure, type Figure } from '../figure';
import { digitPng, nameOfClass } from '../parts/digit';
import { frame, image, sheet, textAt, type Box } from '../parts/drawing';
import { colors } from '../parts/theme';
import { barsWidth, colorScale, overlayPng, rowBars, type AttributionRecord } from './attribution_pictures';

/** Options of `attributionOverlays`. */
export interface AttributionOverlaysOptions {
  /** Name of each class, where the number says too little. */
  classNames?: readonly string[];
}

const methodNames: Record<string, string> = {
  gradientTimesInput: 'gradient × input',
  integratedGradients: 'integrated gradients',
  occlusion: 'occlusion',
};

/** Sizes in pixels. */
const width = 740;
const margin = 10;
/** Between a panel and the next. */
const gap = 16;
const top = 44;
const captionHeight = 112;
const mostMethods = 3;

/**
 * An image, and over it what each method says: vermilion pixels speak for the class, blue ones against it. All share one
 * colour scale, up to the largest value of any of them. To the right of each, the sum over every row, again on one scale.
 * Below stands how far the methods agree, row by row: they answer different questions, and mostly they disagree.
 * @param records 1 to 3, of the same image and class
 * @throws UserError for no record, too many, or records of different images or classes
 *
 * @example
 * const methods = ['gradientTimesInput', 'integratedGradients', 'occlusion'] as const;
 * const image = mnist.test.example(7);
 * await show(attributionOverlays(methods.map(method => attribution(run, image, { method }))));
 */
export function attributionOverlays(
  records: readonly AttributionRecord[],
  { classNames }: AttributionOverlaysOptions = {},
): Figure {
  checkRecords(records);
  const [{ image: digit, target }] = records;
  const free = width - 2 * margin - mostMethods * (barsWidth + gap);
  const pixel = free / (mostMethods + 1) / digit.columns;
  const tile = { y: top, width: pixel * digit.columns, height: pixel * digit.rows };
  const own: Box = { ...tile, x: margin };
  const boxes = records.map((_, i): Box => {
    return { ...tile, x: margin + tile.width + gap + i * (tile.width + barsWidth + gap) };
  });
  const largest = largestOf(records.map(({ values }) => values));
  const largestRow = largestOf(records.map(({ rows }) => rows));
  const [name, bottom] = [nameOfClass(target, classNames), top + tile.height];
  const above = { xanchor: 'left', yanchor: 'bottom' } as const;
  const { image: scaleImage, numbers } = colorScale(largest, {
    x: margin,
    y: bottom + 14,
    width: 180,
    height: 14,
  });
  return createFigure({
    data: [rowPoints(records, boxes)],
    layout: {
      ...sheet(describe(records, name), width, bottom + captionHeight),
      images: [
        image(digitPng({ ...digit, label: digit.label ?? target }), own),
        ...records.map((record, i) => image(overlayPng(record, largest), boxes[i])),
        scaleImage,
      ],
      shapes: [
        ...boxes.map(box => frame(box, colors.text, 1)),
        ...records.flatMap((record, i) => rowBars(record.rows, boxes[i], largestRow)),
      ],
      annotations: [
        textAt(own.x, top - 4, titleLines(digit.label, name, classNames), above),
        ...records.map((record, i) => textAt(boxes[i].x, top - 4, nameOf(record), above)),
        ...numbers,
        textAt(boxes[0].x + 66, bottom + 8, agreement(records), { xanchor: 'left', yanchor: 'top' }),
      ].map(annotation => ({ align: 'left', ...annotation })),
    },
  });
}

function titleLines(label: number | undefined, name: string, classNames?: readonly string[]): string[] {
  return [
    ...(label === undefined ? [] : [`a ${nameOfClass(label, classNames)}`]),
    `what speaks for ${name}?`,
  ];
}

function checkRecords(records: readonly AttributionRecord[]): void {
  if (records.length === 0 || records.length > mostMethods) {
    throw new UserError(`Expected 1 to ${mostMethods} attributions, found ${records.length}`);
  }
  const [{ image: first, target }] = records;
  const odd = records.find(
    ({ image: other, target: own }) =>
      own !== target ||
      other.columns !== first.columns ||
      other.pixels.length !== first.pixels.length ||
      other.pixels.some((value, i) => value !== first.pixels[i]),
  );
  if (!odd) return;
  throw new UserError(
    `Expected attributions of one image and class, found ${odd.method} of ` +
      (odd.target === target ? 'another image' : `class ${odd.target} beside class ${target}`),
  );
}

function largestOf(lists: readonly ArrayLike<number>[]): number {
  return (
    lists.reduce((most, list) => Array.from(list).reduce((a, b) => Math.max(a, Math.abs(b)), most), 0) || 1
  );
}

/** In words, and the correlation of the sums over the rows for each two methods. */
function agreement(records: readonly AttributionRecord[]): string[] {
  const pairs = records.flatMap((first, i) =>
    records.slice(i + 1).map(second => ({
      names: `${nameOf(first)}, ${nameOf(second)}`,
      value: correlation(first.rows, second.rows),
    })),
  );
  if (pairs.length === 0) return [];
  const agree = pairs.every(({ value }) => value > 0.9);
  return [
    `They answer different questions, and here they ${agree ? 'agree' : 'disagree'}.`,
    'Correlation of the sums over rows:',
    ...pairs.map(({ names, value }) => `${names}: ${Number.isNaN(value) ? '–' : signed(value)}`),
  ];
}

const nameOf = ({ method }: AttributionRecord) => methodNames[method] ?? method;
const signed = (value: number, digits = 2) => value.toFixed(digits).replace('-', '−');

/** An invisible point on each row of each overlay, for the mouse. */
function rowPoints(records: readonly AttributionRecord[], boxes: readonly Box[]): Data {
  const points = records.flatMap((record, i) =>
    Array.from(record.rows, (value, row) => ({
      x: boxes[i].x + boxes[i].width / 2,
      y: boxes[i].y + ((row + 0.5) * boxes[i].height) / record.rows.length,
      text: plotlyText(`${nameOf(record)}, row ${row + 1}: ${signed(value, 3)}`),
    })),
  );
  return {
    type: 'scatter',
    mode: 'none',
    x: points.map(({ x }) => round(x)),
    y: points.map(({ y }) => round(y)),
    text: points.map(({ text }) => text),
    hovertemplate: '%{text}<extra></extra>',
  };
}

function describe(records: readonly AttributionRecord[], name: string): string {
  const told = records.map(record => {
    const rows = Array.from(record.rows);
    return `${nameOf(record)} row ${indexOfLargest(rows) + 1}`;
  });
  return `What speaks for the class ${name} in an image; most of all, by ${told.join(', by ')}`;
}
