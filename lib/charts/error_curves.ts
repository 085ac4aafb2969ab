import { percent, round } from '../base/format';
import type { Annotations, Data, LayoutAxis, Shape } from 'plotly.js';
import type { Change, History, TestPoint, TrainPoint } from '../base/history';
import { plotlyText, textOf } from '../base/text';
import { boxLength, changeLimit, describeChange, placeChanges } from './parts/changes';
import { epochStarts } from './parts/epochs';
import { createFigure, type Figure } from './figure';
import { changingRates, rateColor } from './parts/rate';
import { checkSmoothing, smooth, type Point } from '../base/smooth';
import { logTicks, thin } from './parts/series';
import { averageColor, baseLayout, colors, namedAxis, toolbarMargin } from './parts/theme';

/** Options of `errorCurves`. */
export interface ErrorCurvesOptions {
  /** Weight of the past in the moving average over the steps, 0 (none) to below 1. Default 0.95. */
  smoothing?: number;
  /** Steps, or seconds since training began. Default 'step'. */
  xAxis?: 'step' | 'seconds';
  /** 'log' shows the last tenths of a percent as well as the first steps; it has no place for 0. Default 'log'. */
  scale?: 'log' | 'linear';
}

/** Most points of a curve in the figure; beyond, `thin` chooses. */
const curveLimit = 3000;
/** The same for the raw values behind a smoothed curve. */
const rawLimit = 800;
/** Of the panels on a narrow page, in pixels: names of changes that would cover each other there are kept apart. */
const panelWidth = 300;

const xTitles = { step: 'training step', seconds: 'time since training began (s)' };

/**
 * The original program's three curves against the training step: above the training loss, below the error rate on
 * the training batches and on the test images. Each step's own value stands faintly behind the smoothed curve. A
 * learning rate that changes is drawn over the loss, with its axis on the right.
 * @param history a `Run` or any other record of a training, finished or not
 * @throws UserError if the smoothing is not a weight
 *
 * @example
 * await show(errorCurves(run.history, { smoothing: 0.9 }));
 */
export function errorCurves(history: History, options: ErrorCurvesOptions = {}): Figure {
  const { smoothing = 0.95, xAxis = 'step', scale = history.train.length > 0 ? 'log' : 'linear' } = options;
  checkSmoothing(smoothing);
  const x = (point: TrainPoint | TestPoint | Change) => point[xAxis];
  const loss = history.train.map(point => ({ x: x(point), y: point.loss }));
  const trainError = history.train.map(point => ({ x: x(point), y: point.errorRate }));
  const testError = history.test.map(point => ({ x: x(point), y: point.testError }));
  const averaged = history.test.flatMap(point =>
    point.averageTestError === undefined ? [] : [{ x: x(point), y: point.averageTestError }],
  );
  const errors = [...trainError, ...testError, ...averaged];
  const rates = changingRates(history.train).map(point => ({ x: x(point), y: point.learningRate }));
  const epochs = epochStarts(history);
  const changes = (history.changes ?? []).slice(-changeLimit);
  return createFigure({
    data: [
      ...trainCurve(loss, smoothing, 'y', 'loss %{y:.4f}'),
      ...trainCurve(trainError, smoothing, 'y2', 'train error %{y:.2%}').map(trace => ({
        ...trace,
        showlegend: false,
      })),
      testCurve(testError),
      ...averageCurve(averaged),
      ...rateCurve(rates),
    ],
    layout: {
      ...baseLayout(describe(history)),
      height: 520,
      margin: { l: 70, r: toolbarMargin, t: 30, b: 90 },
      xaxis: { ...namedAxis(xTitles[xAxis]), ...hoverTitle(xAxis), rangemode: 'tozero', anchor: 'y2' },
      yaxis: { ...namedAxis('loss (nats)'), ...scaleOf(scale, loss), domain: [0.53, 1] },
      yaxis2: {
        ...namedAxis('error rate (%)'),
        ...scaleOf(scale, errors),
        tickformat: '.1~%',
        domain: [0, 0.47],
      },
      ...(rates.length > 0 ? { yaxis3: rateAxis } : {}),
      hovermode: 'x unified',
      hoversubplots: 'axis',
      // At the bottom: on a narrow page its entries go one below the other, and the panels make room for them.
      legend: { orientation: 'h', x: 0, xanchor: 'left', yref: 'container', y: 0.01, yanchor: 'bottom' },
      shapes: [
        ...epochs.slice(1).map(first => verticalLine(round(x(first)), colors.text, 'dot')),
        ...changes.map(change => verticalLine(round(x(change)), colors.vermilion, 'solid')),
      ],
      annotations: [
        ...epochs.map((first, i) => epochName(first.epoch, round(x(first)), epochs.length > 4, i === 0)),
        ...changeNames(changes.map(change => ({ x: round(x(change)), name: describeChange(change) }))),
      ],
    },
  });
}

/** The head of the box under the mouse, which names the values of all curves at one x. */
function hoverTitle(xAxis: 'step' | 'seconds') {
  return {
    hoverformat: xAxis === 'step' ? 'd' : '.1f',
    unifiedhovertitle: { text: xAxis === 'step' ? 'step %{x}' : 'after %{x} s' }, // not in Plotly's types yet
    spikemode: 'marker', // a line would be white on a dark page
    spikecolor: colors.text,
  } as const;
}

function trainCurve(points: Point[], smoothing: number, yaxis: 'y' | 'y2', hover: string): Data[] {
  const raw = {
    ...curve(thin(points, smoothing > 0 ? rawLimit : curveLimit)),
    name: 'train, each batch',
    legendgroup: 'each batch',
    yaxis,
    line: { color: colors.blue, width: 1 },
  };
  if (smoothing === 0) return [{ ...raw, hovertemplate: `${hover}<extra></extra>` }];
  return [
    { ...raw, line: { color: colors.sky, width: 1 }, opacity: 0.35, hoverinfo: 'skip' },
    {
      ...curve(thin(smooth(points, smoothing), curveLimit)),
      name: `train, smoothed ${smoothing}`,
      legendgroup: 'smoothed',
      yaxis,
      line: { color: colors.blue, width: 2 },
      hovertemplate: `${hover}<extra></extra>`,
    },
  ];
}

function testCurve(points: Point[]): Data {
  return {
    ...curve(thin(points, curveLimit)),
    mode: 'lines+markers',
    name: 'test, all images',
    yaxis: 'y2',
    line: { color: colors.vermilion, width: 2, dash: 'dot' },
    marker: { color: colors.vermilion, symbol: 'diamond', size: 8 },
    hovertemplate: 'test error %{y:.2%} (at %{x})<extra></extra>',
  };
}

function averageCurve(points: Point[]): Data[] {
  if (points.length === 0) return [];
  const line = { color: averageColor, width: 2 };
  const hovertemplate = 'test error %{y:.2%} with averaged weights<extra></extra>';
  return [
    {
      ...curve(thin(points, curveLimit)),
      mode: 'lines+markers', // a single test is a point
      ...{ name: 'test, averaged weights', yaxis: 'y2', line, hovertemplate },
    },
  ];
}

function rateCurve(points: Point[]): Data[] {
  if (points.length === 0) return [];
  return [
    {
      ...curve(thin(points, rawLimit)),
      name: 'learning rate',
      yaxis: 'y3',
      line: { color: rateColor, width: 1.5, dash: 'dash' },
      hovertemplate: 'learning rate %{y:.3~g}<extra></extra>',
    },
  ];
}

/** From zero, over the panel of the loss. */
const rateAxis: Partial<LayoutAxis> = {
  ...namedAxis('learning rate'),
  overlaying: 'y',
  side: 'right',
  rangemode: 'tozero',
  showgrid: false,
  tickmode: 'auto', // else the numbers stand where those of the loss do
  nticks: 5,
  exponentformat: 'power',
  tickfont: { color: rateColor },
};

function curve(points: Point[]): Partial<Data> & { type: 'scatter'; mode: 'lines' } {
  return {
    type: 'scatter',
    mode: 'lines',
    x: points.map(({ x }) => round(x)),
    y: points.map(({ y }) => round(y)),
  };
}

function scaleOf(scale: 'log' | 'linear', points: readonly Point[]): Partial<LayoutAxis> {
  if (scale === 'linear') return { type: 'linear', rangemode: 'tozero' };
  return { type: 'log', tickvals: logTicks(points.map(({ y }) => y)) };
}

function verticalLine(x: number, color: string, dash: 'dot' | 'solid'): Partial<Shape> {
  const line = { color, width: 1, dash };
  return { type: 'line', xref: 'x', yref: 'paper', x0: x, x1: x, y0: 0, y1: 1, line };
}

/**
 * Its number is the one that the training prints: 0 for the first. Of many epochs, the number alone has room, and the
 * first name stands left of the panel.
 */
function epochName(epoch: number, x: number, many: boolean, first: boolean): Partial<Annotations> {
  const xanchor = many && first ? 'right' : 'left';
  const place = { xref: 'x', yref: 'paper', x, y: 1, xanchor, yanchor: 'bottom' } as const;
  const name = many && !first ? textOf(epoch) : `epoch ${textOf(epoch)}`;
  return { ...place, text: plotlyText(name), showarrow: false };
}

/** Along their lines, in the upper panel, in boxes that can be read on any page and over any curve. */
function changeNames(
  changes: readonly { readonly x: number; readonly name: string }[],
): Partial<Annotations>[] {
  const pixels = panelWidth / Math.max(1, ...changes.map(({ x }) => x));
  const marks = changes.map(({ x, name }) => ({ x: x * pixels, length: boxLength(name) }));
  const starts = placeChanges(marks, 220);
  return changes.map(({ x, name }, i) => ({
    ...{ xref: 'x', yref: 'paper', x, y: 1, xanchor: 'center', yanchor: 'top', yshift: -starts[i] },
    ...{ text: plotlyText(name), textangle: '90', showarrow: false },
    ...{ bgcolor: colors.slate, font: { color: colors.onDark } },
  }));
}

function describe({ train, test, changes = [] }: History): string {
  const loss = train[train.length - 1];
  const last = test[test.length - 1];
  const parts = [
    ...(loss ? [`training loss ${round(loss.loss)} at step ${loss.step}`] : []),
    ...(last ? [`test error ${percent(last.testError)} at step ${last.step}`] : []),
    ...(last?.averageTestError === undefined
      ? []
      : [`with averaged weights ${percent(last.averageTestError)}`]),
    ...changes.slice(-changeLimit).map(change => `${describeChange(change)} after step ${change.step}`),
  ];
  return `Training curves: ${parts.join(', ') || 'no steps yet'}`;
}
