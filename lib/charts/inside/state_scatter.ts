/** The states of many images in a plane, as rows come in. */
import type { Data } from 'plotly.js';
import { UserError } from '../../base/errors';
import { median } from '../../base/statistics';
import { plotlyText } from '../../base/text';
import { createFigure, type Figure } from '../figure';
import { nameOfClass } from '../parts/digit';
import { checkIndex, framesOf, playback } from '../parts/playback';
import { baseLayout, colors, fontSize, namedAxis } from '../parts/theme';
import { lineStyles } from '../training_curves';

/** Where images are in the plane; `stateSpace` returns it. */
export interface StateSpaceRecord {
  /** The time steps, 0 for the first. */
  readonly steps: readonly number[];
  /** `x[i][image]`, `y[i][image]`: after `steps[i]`. */
  readonly x: readonly ArrayLike<number>[];
  readonly y: readonly ArrayLike<number>[];
  /** The class of each image. */
  readonly labels: ArrayLike<number>;
  /** The fraction of the variance along x and along y, 0..1. */
  readonly explained: readonly [number, number];
}

/** Options of `stateScatter`. */
export interface StateScatterOptions {
  /** Most points, taken at equal distances from all images; each costs about 0.3 kB of a notebook. Default 400. */
  points?: number;
  /** Which of the record's steps is shown at first and in the picture, 0 for the first. Default: the last. */
  frame?: number;
  /** Name of each class, where the number says too little. */
  classNames?: readonly string[];
}

/** From one side to the other: places become whole numbers, finer than a pixel, which take little room. */
const resolution = 1000;

/**
 * The states as a scatter: a point for each image, which moves while rows come in, by a slider or by a play button. A class
 * has its own colour and mark, and its name stands amid its points. The notebook would grow large by thousands of
 * points, so at most 400 of them are drawn, and places are rounded.
 * @throws UserError without steps or images, or for a frame that there is not
 *
 * @example
 * await show(stateScatter(await stateSpace(run, mnist.test)));
 */
export function stateScatter(
  record: StateSpaceRecord,
  { points = 400, frame = record.steps.length - 1, classNames }: StateScatterOptions = {},
): Figure {
  const { steps, labels, explained } = record;
  if (!Number.isInteger(points) || points < 1 || labels.length === 0) {
    throw new UserError(
      `Expected at least one point of at least one image, found ${points} of ${labels.length}`,
    );
  }
  checkIndex('a frame of the record', frame, steps.length);
  const classes = byClass(labels, points);
  const place = whole(record);
  const shown = framesOf(steps.length, frame);
  const names = shown.map(i => String(steps[i] + 1));
  const dataAt = (i: number): Data[] => {
    const places = classes.map(({ images }) => place(i, images));
    const centres = { x: places.map(({ x }) => median(x)), y: places.map(({ y }) => median(y)) };
    return [...places, centres];
  };
  const look = [...classes.map(({ label }) => pointsOf(label, classNames)), namesOf(classes, classNames)];
  const axis = (name: string, variance: number) => ({
    ...namedAxis(`${name} principal component (${Math.round(100 * variance)} % of the variance)`),
    ...{ fixedrange: true, showticklabels: false, ticks: '' as const, constrain: 'domain' as const },
    range: [-0.03 * resolution, 1.03 * resolution],
  });
  const drawn = classes.reduce((sum, { images }) => sum + images.length, 0);
  return createFigure({
    data: dataAt(frame).map((trace, i) => ({ ...look[i], ...trace }) as Data),
    layout: {
      ...baseLayout(describe(record, drawn)),
      height: 640,
      margin: { l: 40, r: 20, t: 26, b: 120 },
      hovermode: 'closest',
      xaxis: axis('first', explained[0]),
      yaxis: { ...axis('second', explained[1]), scaleanchor: 'x' },
      legend: { title: { text: 'class' }, itemsizing: 'constant' },
      annotations: [
        {
          ...{
            xref: 'paper',
            yref: 'paper',
            x: 0,
            y: 1,
            xanchor: 'left',
            yanchor: 'bottom',
            showarrow: false,
          },
          text: drawn < labels.length ? `${drawn} of the ${labels.length} images` : `${drawn} images`,
        },
      ],
      ...playback(names, shown.indexOf(frame), 'after time step ', { glide: true }),
    },
    frames: shown.map((i, k) => ({
      ...{ name: names[k], data: dataAt(i), traces: look.map((_, trace) => trace), layout: {} },
    })),
    config: { displayModeBar: false },
  });
}

interface ClassOfImages {
  readonly label: number;
  /** By their index. */
  readonly images: readonly number[];
}

/** Some of the images, at equal distances, by their class. */
function byClass(labels: ArrayLike<number>, points: number): ClassOfImages[] {
  const count = Math.min(points, labels.length);
  const some = Array.from({ length: count }, (_, i) => Math.floor((i * labels.length) / count));
  const found = [...new Set(some.map(index => labels[index]))].sort((a, b) => a - b);
  return found.map(label => ({ label, images: some.filter(index => labels[index] === label) }));
}

/** The places of images at a step, as whole numbers, so that all of them lie in a square. */
function whole({ x, y }: StateSpaceRecord) {
  const ends = (lists: readonly ArrayLike<number>[]) => {
    const all = lists.map(list => Array.from(list));
    return [Math.min(...all.map(list => Math.min(...list))), Math.max(...all.map(list => Math.max(...list)))];
  };
  const [left, right] = ends(x);
  const [bottom, top] = ends(y);
  const span = Math.max(right - left, top - bottom) || 1;
  const scaled = (value: number, low: number, high: number) =>
    Math.round(resolution * (0.5 + (value - (low + high) / 2) / span));
  return (i: number, images: readonly number[]) => ({
    x: images.map(index => scaled(x[i][index], left, right)),
    y: images.map(index => scaled(y[i][index], bottom, top)),
  });
}

function pointsOf(label: number, classNames?: readonly string[]): Partial<Data> {
  const name = plotlyText(nameOfClass(label, classNames));
  const color = lineStyles.colors[label % lineStyles.colors.length];
  const symbol = lineStyles.symbols[label % lineStyles.symbols.length];
  return {
    ...{ type: 'scatter', mode: 'markers', name },
    marker: { color, symbol, size: 7, opacity: 0.8 },
    hovertemplate: `${name}<extra></extra>`,
  };
}

/** Amid the points of each class its name, on a disc where it is short. */
function namesOf(classes: readonly ClassOfImages[], classNames?: readonly string[]): Partial<Data> {
  const names = classes.map(({ label }) => plotlyText(nameOfClass(label, classNames)));
  const short = names.every(name => name.length <= 2);
  return {
    ...{ type: 'scatter', mode: 'text+markers', showlegend: false, hoverinfo: 'skip', text: names },
    textfont: { color: short ? colors.onDark : colors.text, size: fontSize },
    marker: { color: colors.slate, size: 20, opacity: short ? 0.9 : 0 },
  };
}

function describe({ steps, labels, explained }: StateSpaceRecord, drawn: number): string {
  const variance = Math.round(100 * (explained[0] + explained[1]));
  return (
    `The states of ${drawn} of ${labels.length} images at ${steps.length} time steps, in the plane of the first two ` +
    `principal components, which has ${variance} % of the variance`
  );
}
