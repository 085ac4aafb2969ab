/** How a network read one image, to be played step by step. */
import type { Data, Shape } from 'plotly.js';
import { round } from '../../base/format';
import { plotlyText } from '../../base/text';
import { indexOfLargest } from '../../base/statistics';
import { createFigure, type Figure } from '../figure';
import { digitPng, nameOfClass } from '../parts/digit';
import { image } from '../parts/drawing';
import { checkIndex, framesOf, playback } from '../parts/playback';
import { coverPath } from './cover';
import { replayPanels, type ReplayPanels, type ReplayRecord } from './replay_panels';
import { baseLayout, colors } from '../parts/theme';

/** Options of `rowReplay`. */
export interface RowReplayOptions {
  /** The time step that is shown at first and in the picture, 0 for the first. Default: two thirds of the way. */
  step?: number;
  /** Which of `layers` shows its state and gates. Default: the top one of the forward direction. */
  layer?: number;
  /** Name of each class, where the number says too little. */
  classNames?: readonly string[];
}

/**
 * A replay as a figure with frames: the image is uncovered as it is read, with bars for what the network would answer
 * if the image ended there; below, the probabilities of all classes over the time steps, and a layer's state and gates
 * with the units sorted by when they are active. One slider and a play button; no kernel is needed.
 * @throws UserError for a step or layer that the replay does not have
 *
 * @example
 * await show(rowReplay(replay(run, mnist.test.example(7))));
 */
export function rowReplay(record: ReplayRecord, options: RowReplayOptions = {}): Figure {
  const { numSteps, layers, image: digit } = record;
  const { step = Math.floor((2 * numSteps) / 3), classNames } = options;
  const forward = layers.filter(({ direction }) => direction === 'forward').length;
  const layer = options.layer ?? forward - 1;
  checkIndex('a step of the replay', step, numSteps);
  checkIndex('a layer of the replay', layer, layers.length);
  const panels = replayPanels(record, layers[layer], classNames);
  const shown = framesOf(numSteps, step);
  const names = shown.map(t => String(t + 1));
  const place = { x: 0, y: 0, width: digit.columns, height: digit.rows };
  return createFigure({
    data: [barsAt(record, step, classNames), ...panels.traces],
    layout: {
      ...baseLayout(describe(record, step, classNames)),
      height: panels.height,
      margin: { l: 62, r: 20, t: 30, b: 115 },
      showlegend: false,
      hovermode: 'closest',
      ...panels.layout,
      shapes: shapesAt(record, step, panels),
      images: [image(digitPng({ ...digit, label: digit.label ?? 0 }), place), ...panels.images],
      ...playback(names, shown.indexOf(step), 'after time step '),
    },
    frames: shown.map((t, i) => ({
      name: names[i],
      data: [barsAt(record, t, classNames), ...panels.traces.map(() => ({}))],
      // With all traces, though the others stay the same: Plotly would take their lines away until the frame has ended.
      traces: [0, ...panels.traces.map((_, i) => i + 1)],
      layout: { shapes: shapesAt(record, t, panels) },
    })),
    config: { displayModeBar: false },
  });
}

/** What it would answer after this step; the right class in blue, or the answer where no class is known. */
function barsAt(
  { probabilities, image: { label } }: ReplayRecord,
  t: number,
  classNames?: readonly string[],
): Data {
  const values = Array.from(probabilities[t], value => round(value));
  const largest = indexOfLargest(values);
  const color = (i: number) =>
    i === (label ?? largest) ? colors.blue : i === largest ? colors.vermilion : colors.sky;
  return {
    type: 'bar',
    x: values.map((_, i) => i),
    y: values,
    marker: { color: values.map((_, i) => color(i)) },
    text: values.map(value => (value >= 0.005 ? `${Math.round(100 * value)}` : '')),
    textposition: 'outside',
    textangle: 0,
    cliponaxis: false,
    hovertext: values.map(
      (value, i) => `${plotlyText(nameOfClass(i, classNames))}: ${(100 * value).toFixed(1)} %`,
    ),
    hoverinfo: 'text',
    xaxis: 'x2',
    yaxis: 'y2',
  };
}

/** The pixels not read yet are covered; a line marks the step, and what comes after it is shaded. */
function shapesAt(
  { reads, numSteps, image: { columns } }: ReplayRecord,
  t: number,
  { strips }: ReplayPanels,
): Partial<Shape>[] {
  const line = { xref: 'x3', yref: 'paper', y0: strips.bottom, y1: strips.top, layer: 'above' } as const;
  return [
    {
      type: 'path',
      path: coverPath(reads, t, columns),
      ...{ xref: 'x', yref: 'y', layer: 'above', fillcolor: colors.text, opacity: 0.9, line: { width: 0 } },
    },
    { type: 'rect', ...line, x0: t + 1.5, x1: numSteps + 0.5, fillcolor: colors.grid, line: { width: 0 } },
    { type: 'line', ...line, x0: t + 1, x1: t + 1, line: { color: colors.text, width: 2 } },
  ];
}

function describe(
  { numSteps, probabilities, image: { label } }: ReplayRecord,
  step: number,
  classNames?: readonly string[],
): string {
  const told = (t: number) => {
    const values = Array.from(probabilities[t]);
    const largest = Math.max(...values);
    return `${nameOfClass(values.indexOf(largest), classNames)} with ${Math.round(100 * largest)} %`;
  };
  const what = label === undefined ? 'an image' : `the image of a ${nameOfClass(label, classNames)}`;
  return `How the network reads ${what} in ${numSteps} time steps: after step ${step + 1} it says ${told(step)}, at the end ${told(numSteps - 1)}`;
}
