/** How a network reads several images, beside each other. */
import type { Annotations, Data, Layout, Shape } from 'plotly.js';
import { UserError } from '../../base/errors';
import { round } from '../../base/format';
import { plotlyText } from '../../base/text';
import { indexOfLargest } from '../../base/statistics';
import { createFigure, type Figure } from '../figure';
import { digitPng, nameOfClass } from '../parts/digit';
import { frame, image, sheet, textAt, type Box } from '../parts/drawing';
import { checkIndex, framesOf, playback } from '../parts/playback';
import { colors } from '../parts/theme';
import { coverPath } from './cover';
import type { ReplayRecord } from './replay_panels';

/** Options of `replayGrid`. */
export interface ReplayGridOptions {
  /** What stands above each image, such as 'confident' or 'wrong'. Default: nothing. */
  titles?: readonly string[];
  /** The time step that is shown at first and in the picture, 0 for the first. Default: two thirds of the way. */
  step?: number;
  /** Name of each class, where the number says too little. */
  classNames?: readonly string[];
}

/** Sizes in pixels. */
const width = 740;
const margin = 10;
const perRow = 2;
const tile = 84;
const plot = { left: 96, width: 250 };
const pitch = { x: 370, y: 132 };
const controls = 122;
const top = 24;
const mostReplays = 12;

interface Card {
  readonly record: ReplayRecord;
  readonly title: string;
  readonly digit: Box;
  readonly plot: Box;
}

/**
 * Replays of some images as small multiples: each image is uncovered as it is read, beside it the probabilities of all
 * classes over the time steps, blue for the right class and vermilion for another answer. One slider and a play button
 * move all of them together; no kernel is needed.
 * @param records 1 to 12, of as many time steps each
 * @throws UserError for no record, too many, records of different lengths, or other titles than records
 *
 * @example
 * const images = [0, 1, 8, 18].map(i => replay(run, mnist.test.example(i)));
 * await show(replayGrid(images, { titles: ['confident', 'confident', 'doubtful', 'wrong'] }));
 */
export function replayGrid(records: readonly ReplayRecord[], options: ReplayGridOptions = {}): Figure {
  checkRecords(records, options.titles);
  const [{ numSteps }] = records;
  const { titles = [], step = Math.floor((2 * numSteps) / 3), classNames } = options;
  checkIndex('a step of the replays', step, numSteps);
  const cards = records.map((record, i): Card => {
    const place = { x: margin + (i % perRow) * pitch.x, y: top + Math.floor(i / perRow) * pitch.y };
    return {
      record,
      title: titles[i] ?? '',
      digit: { ...place, width: tile, height: tile },
      plot: { x: place.x + plot.left, y: place.y, width: plot.width, height: tile },
    };
  });
  const shown = framesOf(numSteps, step);
  const names = shown.map(t => String(t + 1));
  const height = top + Math.ceil(cards.length / perRow) * pitch.y - 20;
  const changesAt = (t: number): Partial<Layout> => ({
    shapes: cards.flatMap(card => movedTo(card, t)),
    annotations: cards.map(({ record }) => ({ text: plotlyText(answerAt(record, t, classNames)) })),
  });
  const first = changesAt(step);
  const { margin: none, ...drawing } = sheet(describe(records, classNames), width, height + controls);
  return createFigure({
    data: cards.flatMap(card => curves(card, classNames)),
    layout: {
      ...drawing,
      margin: { ...none, b: controls },
      xaxis: { ...drawing.xaxis, range: [0, width] },
      yaxis: { ...drawing.yaxis, range: [height, 0] },
      showlegend: false,
      images: cards.map(({ record: { image: own }, digit }) =>
        image(digitPng({ ...own, label: own.label ?? 0 }), digit),
      ),
      shapes: [
        ...cards.flatMap(looks).map((look, i) => ({ ...look, ...first.shapes![i] })),
        ...cards.map(card => frame(card.plot, colors.grid, 1)),
      ],
      annotations: [
        ...cards.map((card, i) => ({ ...answerPlace(card), ...first.annotations![i] })),
        ...cards.map(card => titleOf(card, classNames)),
        ...cards.map(({ plot: { x, y, height: own } }) =>
          textAt(x, y + own + 3, `probability over ${numSteps} steps`, { xanchor: 'left', yanchor: 'top' }),
        ),
      ],
      ...playback(names, shown.indexOf(step), 'after time step '),
    },
    // What changes of the first shapes and annotations; the rest of them stays.
    frames: shown.map((t, i) => ({ name: names[i], data: [], traces: [], layout: changesAt(t) })),
    config: { displayModeBar: false },
  });
}

function checkRecords(records: readonly ReplayRecord[], titles?: readonly string[]): void {
  if (records.length === 0 || records.length > mostReplays) {
    throw new UserError(`Expected 1 to ${mostReplays} replays, found ${records.length}`);
  }
  const odd = records.find(({ numSteps }) => numSteps !== records[0].numSteps);
  if (odd) {
    throw new UserError(
      `Expected replays of as many time steps, found one of ${odd.numSteps} beside one of ${records[0].numSteps}`,
    );
  }
  if (titles && titles.length !== records.length) {
    throw new UserError(`Expected a title for each of ${records.length} replays, found ${titles.length}`);
  }
}

/** Where step t, 0 for the first, stands in the plot. */
const xOf = ({ plot: { x, width: wide }, record: { numSteps } }: Card, t: number) =>
  round(x + ((t + 0.5) / numSteps) * wide);
const yOf = ({ plot: { y, height } }: Card, probability: number) => round(y + (1 - probability) * height);

/** For each card the cover of its image and the line at the step: how they look. */
function looks({ plot: { y, height } }: Card): Partial<Shape>[] {
  return [
    { type: 'path', fillcolor: colors.text, opacity: 0.9, line: { width: 0 } },
    { type: 'line', y0: y, y1: y + height, line: { color: colors.text, width: 2 } },
  ];
}

/** The same: where they are. */
function movedTo(card: Card, t: number): Partial<Shape>[] {
  const { record, digit } = card;
  const pixel = digit.width / record.image.columns;
  const x = xOf(card, t);
  return [
    { path: coverPath(record.reads, t, record.image.columns, { x: digit.x, y: digit.y, pixel }) },
    { x0: x, x1: x },
  ];
}

/** All classes in thin lines, the answer at the end in vermilion if it is wrong, and the right class in blue. */
function curves(card: Card, classNames?: readonly string[]): Data[] {
  const { numSteps, probabilities, image: own } = card.record;
  const answer = indexOfLargest(probabilities[numSteps - 1]);
  const right = own.label ?? answer;
  const curve = (label: number, color: string, lineWidth: number): Data => ({
    type: 'scatter',
    mode: 'lines',
    x: probabilities.map((_, t) => xOf(card, t)),
    y: probabilities.map(step => yOf(card, step[label])),
    text: probabilities.map((step, t) => `${Math.round(100 * step[label])} % after step ${t + 1}`),
    line: { color, width: lineWidth },
    hovertemplate: `${plotlyText(nameOfClass(label, classNames))}: %{text}<extra></extra>`,
  });
  const others = Array.from(probabilities[0], (_, label) => label).filter(
    label => label !== answer && label !== right && probabilities.some(step => step[label] >= 0.05),
  );
  return [
    ...others.map(label => curve(label, colors.text, 1)),
    ...(answer === right ? [] : [curve(answer, colors.vermilion, 3)]),
    curve(right, colors.blue, 3),
  ];
}

function answerAt({ probabilities }: ReplayRecord, t: number, classNames?: readonly string[]): string {
  const answer = indexOfLargest(probabilities[t]);
  return `${nameOfClass(answer, classNames)}, ${Math.round(100 * probabilities[t][answer])} %`;
}

function answerPlace({ plot: { x, y, width: wide } }: Card): Partial<Annotations> {
  return textAt(x + wide, y - 2, '', { xanchor: 'right', yanchor: 'bottom' });
}

function titleOf({ record, title, digit }: Card, classNames?: readonly string[]): Partial<Annotations> {
  const { label } = record.image;
  const name = label === undefined ? '' : `is ${nameOfClass(label, classNames)}`;
  const text = [title, name].filter(Boolean).join(': ');
  return textAt(digit.x, digit.y - 2, text, { xanchor: 'left', yanchor: 'bottom' });
}

function describe(records: readonly ReplayRecord[], classNames?: readonly string[]): string {
  const [{ numSteps }] = records;
  const told = records.map(record => {
    const { label } = record.image;
    const what = label === undefined ? 'an image' : nameOfClass(label, classNames);
    return `${what} taken for ${answerAt(record, numSteps - 1, classNames)}`;
  });
  return `How the network reads ${records.length} images in ${numSteps} time steps: ${told.join('; ')}`;
}
