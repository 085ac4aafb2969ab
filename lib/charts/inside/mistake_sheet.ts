/** The worst mistakes of a network, one card each, and what it confuses most. */
import type { Annotations, Data, Shape } from 'plotly.js';
import { UserError } from '../../base/errors';
import { plotlyText } from '../../base/text';
import { createFigure, type Figure } from '../figure';
import { digitPng, nameOfClass, type Digit } from '../parts/digit';
import { image, sheet, textAt, type Box } from '../parts/drawing';
import { colors } from '../parts/theme';

/** One mistake. */
export interface MistakeRecord {
  /** Its place in the data set. */
  readonly index: number;
  readonly label: number;
  readonly prediction: number;
  /** By class, 0..1. */
  readonly probabilities: ArrayLike<number>;
  /** The time step from which on the answer was what it is at the end, 0 for the first. */
  readonly turnedAt: number;
  /** Rows that turn the answer back when taken from the mean image of the right class. */
  readonly repair?: { readonly rows: readonly number[]; readonly search: string };
}

/** What a network finds hard; `hardest` returns it. */
export interface MistakesRecord {
  readonly numExamples: number;
  /** All mistakes, of which the worst are listed. */
  readonly numMistakes: number;
  /** The worst first. */
  readonly mistakes: readonly MistakeRecord[];
  /** Most frequent first. */
  readonly confusedPairs: readonly {
    readonly label: number;
    readonly prediction: number;
    readonly count: number;
  }[];
}

/** Options of `mistakeSheet`. */
export interface MistakeSheetOptions {
  /** Most mistakes that are shown. Default 12. */
  count?: number;
  /** Name of each class, where the number says too little. */
  classNames?: readonly string[];
}

/** Sizes and places in pixels. */
const width = 740;
const margin = 10;
const perRow = 2;
const tile = 84;
const card = { width: 265, height: 106 };
const top = 34;
const pairsLeft = margin + perRow * card.width + 14;
const pairHeight = 32;
const mostPairs = 10;
const legend = [
  'Vermilion beside an image:',
  'rows that turn the answer',
  'back when taken from the',
  'mean of the right class.',
];
const legendHeight = 80;

/**
 * The worst mistakes as cards: the image, what it was taken for and with which probability, the time step at which the
 * belief turned, and the rows to blame, marked beside the image: taken from the mean image of the right class, they turn
 * the answer back. To the right, the pairs of classes that are confused most. Steps and rows
 * count from 1.
 * @param data holds the images, by their index
 * @throws UserError for a count that is not a positive integer
 *
 * @example
 * await show(mistakeSheet(await hardest(run, mnist.test, { count: 12, means: mnist.train }), mnist.test));
 */
export function mistakeSheet(
  record: MistakesRecord,
  data: { example(index: number): Digit },
  { count = 12, classNames }: MistakeSheetOptions = {},
): Figure {
  if (!Number.isInteger(count) || count < 1) {
    throw new UserError(`Expected a positive integer as the number of mistakes to show, found ${count}`);
  }
  const { mistakes, confusedPairs, numMistakes } = record;
  const shown = mistakes.slice(0, count).map((mistake, i) => ({
    mistake,
    digit: data.example(mistake.index),
    box: {
      ...{ x: margin + 12 + (i % perRow) * card.width, y: top + Math.floor(i / perRow) * card.height },
      ...{ width: tile, height: tile },
    },
  }));
  const pairs = confusedPairs.slice(0, mostPairs);
  const rows = Math.ceil(shown.length / perRow);
  const height = top + Math.max(rows * card.height, pairs.length * pairHeight + legendHeight);
  const above = { xanchor: 'left', yanchor: 'bottom' } as const;
  const name = (label: number) => nameOfClass(label, classNames);
  return createFigure({
    data: [hover(shown.map(({ box }) => box), shown.map(({ mistake }) => sentence(mistake, name)))], // prettier-ignore
    layout: {
      ...sheet(describe(record, shown.length, name), width, height),
      hoverdistance: tile / 2,
      images: shown.map(({ digit, box }) => image(digitPng(digit), box)),
      shapes: [
        ...shown.flatMap(({ mistake, digit, box }) => repairMarks(mistake, digit.rows, box)),
        ...pairs.map(({ count: own }, i) => pairBar(i, own / pairs[0].count)),
      ],
      annotations: [
        textAt(margin, top - 12, `the worst of ${numMistakes} mistakes`, above),
        ...shown.map(({ mistake, box }) => caption(mistake, box, name)),
        {
          ...textAt(pairsLeft, top + pairs.length * pairHeight + 8, legend, leftTop),
          align: 'left' as const,
        },
        ...(pairs.length > 0 ? [textAt(pairsLeft, top - 12, 'confused most', above)] : []),
        ...pairs.flatMap(({ label, prediction, count: own }, i) => [
          textAt(pairsLeft, pairY(i), `${name(label)} → ${name(prediction)}`, leftMiddle),
          textAt(width - margin, pairY(i), String(own), { xanchor: 'right', yanchor: 'middle' }),
        ]),
      ],
    },
  });
}

type Names = (label: number) => string;

const leftTop = { xanchor: 'left', yanchor: 'top' } as const;
const leftMiddle = { xanchor: 'left', yanchor: 'middle' } as const;
const pairY = (i: number) => top + i * pairHeight + 8;

/** To the left of the image, at the rows that turn the answer back. */
function repairMarks({ repair }: MistakeRecord, numRows: number, box: Box): Partial<Shape>[] {
  const pitch = box.height / numRows;
  return (repair?.rows ?? []).map(row => ({
    ...{ type: 'rect', x0: box.x - 9, x1: box.x - 2, y0: box.y + row * pitch, y1: box.y + (row + 1) * pitch },
    ...{ fillcolor: colors.vermilion, line: { width: 0 } },
  }));
}

function caption(mistake: MistakeRecord, { x, y, width: size }: Box, name: Names): Partial<Annotations> {
  const { label, prediction, turnedAt } = mistake;
  const lines = [
    `✗ ${name(prediction)}, ${probability(mistake, prediction)}`,
    `is ${name(label)}, ${probability(mistake, label)}`,
    `settled at step ${turnedAt + 1}`,
    ...repairLines(mistake),
  ];
  return { ...textAt(x + size + 10, y - 3, lines, leftTop), align: 'left' };
}

const probability = ({ probabilities }: MistakeRecord, label: number) => {
  const percentage = 100 * probabilities[label];
  return `${percentage < 1 ? percentage.toPrecision(1) : Math.round(percentage)} %`;
};

/** Of many rows only their number has room. */
function repairLines({ repair }: MistakeRecord): string[] {
  if (!repair) return ['no rows repair it'];
  const rows = repair.rows.map(row => row + 1);
  if (rows.length === 1) return [`row ${rows[0]} repairs it`];
  return rows.length <= 3 ? [`rows ${rows.join(', ')}`, 'repair it'] : [`${rows.length} rows repair it`];
}

/** Everything in one line, for the mouse. */
function sentence(mistake: MistakeRecord, name: Names): string {
  const { index, label, prediction, turnedAt, repair } = mistake;
  const rows = repair?.rows.map(row => row + 1).join(', ');
  return (
    `image ${index}, a ${name(label)} (${probability(mistake, label)}), taken for ${name(prediction)} ` +
    `(${probability(mistake, prediction)}) from step ${turnedAt + 1} on; ` +
    (rows === undefined
      ? 'no rows repair it'
      : `repaired by ${repair!.rows.length === 1 ? 'row' : 'rows'} ${rows}`)
  );
}

/** An invisible point on each image, for the mouse. */
function hover(boxes: readonly Box[], texts: readonly string[]): Data {
  return {
    type: 'scatter',
    mode: 'none',
    x: boxes.map(box => box.x + tile / 2),
    y: boxes.map(box => box.y + tile / 2),
    text: texts.map(plotlyText),
    hovertemplate: '%{text}<extra></extra>',
  };
}

/** @param share of the longest one, 0..1 */
function pairBar(i: number, share: number): Partial<Shape> {
  const [from, to] = [pairsLeft + 2, width - margin];
  const y = pairY(i);
  return {
    ...{ type: 'rect', x0: from, x1: from + share * (to - from), y0: y + 9, y1: y + 15 },
    ...{ fillcolor: colors.vermilion, line: { width: 0 } },
  };
}

function describe(record: MistakesRecord, shown: number, name: Names): string {
  const { numExamples, numMistakes, mistakes, confusedPairs } = record;
  const told = mistakes
    .slice(0, shown)
    .map(({ label, prediction }) => `${name(label)} taken for ${name(prediction)}`);
  const [pair] = confusedPairs;
  return (
    `The worst ${shown} of ${numMistakes} mistakes in ${numExamples} images` +
    (told.length > 0 ? `: ${told.join(', ')}` : '') +
    (pair ? `. Confused most: ${name(pair.label)} with ${name(pair.prediction)}, ${pair.count} times` : '')
  );
}
