import { percent, round } from '../base/format';
import type { Data, LayoutAxis } from 'plotly.js';
import { UserError } from '../base/errors';
import type { History } from '../base/history';
import { breakLines, plotlyLines, plotlyText, textOf } from '../base/text';
import { changeLimit, describeChange } from './parts/changes';
import { createFigure, type Figure } from './figure';
import { positions, type Position, type RunAxis } from './parts/run_axis';
import { checkSmoothing, smooth, type Point } from '../base/smooth';
import { bandArea, describeBands, medianBands, noBands, type Bands } from './parts/band';
import { logTicks, thin } from './parts/series';
import { baseLayout, colors, lineColors, namedAxis, toolbarMargin } from './parts/theme';

/** Options of `trainingCurves`. */
export interface TrainingCurvesOptions {
  /**
   * Steps; epochs, where 1 is the end of the first one (an only epoch that is not over counts as a whole one); or
   * seconds since each run began. Default 'step'.
   */
  xAxis?: RunAxis;
  /** Weight of the past in the moving average of the training loss, 0 (none) to below 1. Default 0.95. */
  smoothing?: number;
}

/**
 * How the lines of the runs look. As the three lists have different lengths, runs that share a colour differ in dashes and
 * marks.
 */
export const lineStyles = {
  colors: lineColors,
  dashes: ['solid', 'dash', 'dot', 'dashdot', 'longdash'],
  symbols: ['circle', 'diamond', 'square', 'x', 'star', 'hexagon', 'cross'],
} as const;

/** Most points of all curves of one panel together, as long as each has 200. */
const pointLimit = 6000;

/** Characters of a legend's line, on a page as narrow as a phone. */
const legendWidth = 46;

const xTitles = {
  step: 'training step',
  epoch: 'epochs trained',
  seconds: 'time since training began (s)',
};

/** After a value, in the box under the mouse. */
const hovers = { step: 'after step %{x}', epoch: 'after %{x:.2f} epochs', seconds: 'after %{x:.1f} s' };

/** The record of a training, and what it is called. */
export interface NamedHistory extends History {
  readonly name: string;
  /** Follows the name in the legend: the settings in which it differs from the others. Default: none. */
  readonly settings?: string;
  /**
   * Runs that are drawn as one: the median of their smoothed losses and of their test errors at each step, within a band
   * from the lowest to the highest. Default: this history alone.
   */
  readonly runs?: readonly History[];
}

/** Where settings were changed. */
interface Mark extends Point {
  readonly text: string;
}

/** A run with what all its lines share. */
interface Drawn {
  readonly run: NamedHistory;
  /** For Plotly. */
  readonly name: string;
  /** The name and the settings, as they are. */
  readonly label: string;
  /** The same in lines that fit a narrow page. */
  readonly legend: readonly string[];
  readonly loss: readonly Point[];
  readonly test: readonly Point[];
  readonly bands: Bands;
  readonly changes: Mark[];
  readonly style: { color: string; dash: (typeof lineStyles.dashes)[number]; symbol: string };
}

/**
 * Several training runs laid over each other: above the training loss, smoothed, below the test error. A triangle on the
 * loss marks where settings were changed (of many changes the last ones). What consists of several `runs` is their median
 * in a band from the lowest to the highest, as far as more than half of them came.
 * @throws UserError without a run, or if the smoothing is not a weight
 *
 * @example
 * const { train, test } = run.history;
 * await show(trainingCurves([{ name: 'tutorial', train, test }]));
 */
export function trainingCurves(runs: readonly NamedHistory[], options: TrainingCurvesOptions = {}): Figure {
  const { smoothing = 0.95, xAxis = 'step' } = options;
  checkSmoothing(smoothing);
  if (runs.length === 0) throw new UserError('Expected at least one run to draw, found none');
  const drawn = prepare(runs, xAxis, smoothing);
  const limit = Math.max(200, Math.floor(pointLimit / runs.length));
  const legendHeight = 20 * drawn.reduce((lines, { legend }) => lines + legend.length, 0) + 15;
  return createFigure({
    data: drawn.flatMap(run => [
      ...bandArea(run.bands.loss, { ...run.style, group: run.label, yaxis: 'y' }, limit),
      ...bandArea(run.bands.test, { ...run.style, group: run.label, yaxis: 'y2' }, limit),
      ...lossCurve(run, hovers[xAxis], limit),
      ...testCurve(run, hovers[xAxis], limit),
      ...changeMarks(run),
    ]),
    layout: {
      ...baseLayout(describe(drawn)),
      height: 500 + legendHeight,
      margin: { l: 70, r: toolbarMargin, t: legendHeight, b: 50 },
      xaxis: { ...namedAxis(xTitles[xAxis]), rangemode: 'tozero', anchor: 'y2' },
      yaxis: {
        ...namedAxis('training loss (nats)'),
        ...logScale(drawn.flatMap(({ loss }) => loss)),
        domain: [0.53, 1],
      },
      yaxis2: {
        ...namedAxis('test error (%)'),
        ...logScale(drawn.flatMap(({ test }) => test)),
        tickformat: '.1~%',
        domain: [0, 0.47],
      },
      hovermode: 'closest',
      showlegend: true,
      legend: { orientation: 'v', tracegroupgap: 0, x: 0, xanchor: 'left', y: 1.01, yanchor: 'bottom' },
    },
  });
}

function prepare(runs: readonly NamedHistory[], xAxis: RunAxis, smoothing: number): Drawn[] {
  return runs.map((run, i) => {
    const x = positions(run, xAxis);
    const all = (run.runs ?? [run]).map(history => curvesOf(history, positions(history, xAxis), smoothing));
    const several = all.length > 1;
    const bands = several ? medianBands(all) : noBands;
    const { loss, test } = several ? bands : all[0];
    const label = run.settings ? `${run.name}: ${run.settings}` : run.name;
    return {
      run,
      name: plotlyText(run.name),
      label,
      legend: breakLines(label, legendWidth),
      ...{ loss, test, bands },
      changes: several ? [] : marks(run, x, loss),
      style: {
        color: lineStyles.colors[i % lineStyles.colors.length],
        dash: lineStyles.dashes[i % lineStyles.dashes.length],
        symbol: lineStyles.symbols[i % lineStyles.symbols.length],
      },
    };
  });
}

function curvesOf({ train, test }: History, x: Position, smoothing: number) {
  const losses = train.map(point => ({ x: x(point), y: point.loss }));
  return {
    loss: smooth(losses, smoothing).map((point, i) => ({ ...point, step: train[i].step })),
    test: test.map(point => ({ x: x(point), y: point.testError, step: point.step })),
  };
}

/** On the curve of the loss, at the last step before the change. */
function marks({ changes = [] }: NamedHistory, x: Position, loss: readonly Point[]): Mark[] {
  if (loss.length === 0) return [];
  return changes.slice(-changeLimit).map(change => {
    const { y } = loss[Math.min(Math.max(change.step, 1), loss.length) - 1] ?? loss[0];
    return {
      x: x(change),
      y,
      text: plotlyText(`${describeChange(change)} after step ${textOf(change.step)}`),
    };
  });
}

function lossCurve({ loss, label, legend, name, style, test }: Drawn, at: string, limit: number): Data[] {
  return [
    {
      ...curve(loss, limit),
      mode: 'lines',
      name: plotlyLines(legend),
      legendgroup: label,
      showlegend: test.length === 0,
      yaxis: 'y',
      line: { color: style.color, width: 2, dash: style.dash },
      hovertemplate: `${name}<br>loss %{y:.4f} ${at}<extra></extra>`,
    },
  ];
}

/** It stands for the run in the legend, as it has the marks as well. */
function testCurve({ test, label, legend, name, style }: Drawn, at: string, limit: number): Data[] {
  if (test.length === 0) return [];
  return [
    {
      ...curve(test, limit),
      mode: 'lines+markers',
      name: plotlyLines(legend),
      legendgroup: label,
      yaxis: 'y2',
      line: { color: style.color, width: 2, dash: style.dash },
      marker: { color: style.color, symbol: style.symbol, size: 8 },
      hovertemplate: `${name}<br>test error %{y:.2%} ${at}<extra></extra>`,
    },
  ];
}

function changeMarks({ changes, label, name, style }: Drawn): Data[] {
  if (changes.length === 0) return [];
  return [
    {
      type: 'scatter',
      mode: 'markers',
      x: changes.map(({ x }) => round(x)),
      y: changes.map(({ y }) => round(y)),
      text: changes.map(({ text }) => text),
      legendgroup: label,
      showlegend: false,
      yaxis: 'y',
      marker: {
        color: style.color,
        symbol: 'triangle-down',
        size: 11,
        line: { color: colors.text, width: 1 },
      },
      hovertemplate: `${name}<br>%{text}<extra></extra>`,
    },
  ];
}

function curve(points: readonly Point[], limit: number): Partial<Data> & { type: 'scatter' } {
  const thinned = thin(points, limit);
  return { type: 'scatter', x: thinned.map(({ x }) => round(x)), y: thinned.map(({ y }) => round(y)) };
}

function logScale(points: readonly Point[]): Partial<LayoutAxis> {
  return { type: 'log', tickvals: logTicks(points.map(({ y }) => y)) };
}

function describe(drawn: readonly Drawn[]): string {
  const runs = drawn.map(({ label, bands, run: { runs, train, test, changes = [] } }) => {
    if (runs && runs.length > 1) return `${label}: ${describeBands(bands)}`;
    const [step, tested] = [train[train.length - 1], test[test.length - 1]];
    const parts = [
      ...(step ? [`training loss ${round(step.loss)} at step ${step.step}`] : []),
      ...(tested ? [`test error ${percent(tested.testError)} at step ${tested.step}`] : []),
      ...changes.slice(-changeLimit).map(change => `${describeChange(change)} after step ${change.step}`),
    ];
    return `${label}: ${parts.join(', ') || 'no steps yet'}`;
  });
  return `Training curves of ${drawn.length} ${drawn.length === 1 ? 'run' : 'runs'}. ${runs.join('. ')}`;
}
