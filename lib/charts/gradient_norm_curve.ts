/** The global norm of the gradient against the training step. */
import type { Data } from 'plotly.js';
import { UserError } from '../base/errors';
import { round } from '../base/format';
import type { History } from '../base/history';
import { createFigure, type Figure } from './figure';
import { checkSmoothing, smooth, type Point } from '../base/smooth';
import { logTicks, thinByLog } from './parts/series';
import { baseLayout, colors, namedAxis, toolbarMargin } from './parts/theme';

/** Options of `gradientNormCurve`. */
export interface GradientNormCurveOptions {
  /** Weight of the past in the moving average over the steps, 0 (none) to below 1. Default 0.95. */
  smoothing?: number;
  /** The setting of the run, drawn as a line: what is above it was scaled down to it. Default 0: none. */
  clipNorm?: number;
}

const curveLimit = 1500;

/**
 * The norm of all gradients together at each step, before clipping, on a logarithmic scale: faintly each step's own,
 * and a moving average. Leaps before a loss that grows say that clipping, or a lower rate, would help.
 * @throws UserError for a history without norms, or if the smoothing is not a weight
 *
 * @example
 * await show(gradientNormCurve(run.history, { clipNorm: 1 }));
 */
export function gradientNormCurve(history: History, options: GradientNormCurveOptions = {}): Figure {
  const { smoothing = 0.95, clipNorm = 0 } = options;
  checkSmoothing(smoothing);
  const norms = history.train.flatMap(({ step, gradientNorm }) =>
    gradientNorm === undefined || gradientNorm === 0 ? [] : [{ x: step, y: gradientNorm }],
  );
  if (norms.length === 0) {
    throw new UserError(
      'Expected steps with the norm of their gradient, found none: runs of earlier versions did not record it',
    );
  }
  const average = smooth(norms, smoothing);
  const [last] = average.slice(-1);
  return createFigure({
    data: [
      { ...curve(norms), name: 'each step', line: { color: colors.sky, width: 1 }, opacity: 0.35 },
      ...(smoothing > 0
        ? [{ ...curve(average), name: `smoothed ${smoothing}`, line: { color: colors.blue, width: 2 } }]
        : []),
    ],
    layout: {
      ...baseLayout(`Norm of the gradient over ${norms.length} steps, at last ${round(last.y)} on average`),
      height: 340,
      margin: { l: 80, r: toolbarMargin, t: 50, b: 50 },
      xaxis: { ...namedAxis('training step'), rangemode: 'tozero' },
      yaxis: {
        ...namedAxis('norm of the gradient'),
        type: 'log',
        tickvals: logTicks(norms.map(({ y }) => y)),
      },
      shapes: clipNorm > 0 ? [clipLine(clipNorm)] : [],
      hovermode: 'x',
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
    },
  });
}

function clipLine(clipNorm: number) {
  const line = { color: colors.vermilion, width: 1, dash: 'dash' } as const;
  const label = { text: 'clipNorm', textposition: 'end', font: { color: colors.text } } as const;
  const ends = { x0: 0, x1: 1, y0: clipNorm, y1: clipNorm };
  return { type: 'line', xref: 'paper', yref: 'y', ...ends, line, label } as const;
}

function curve(points: readonly Point[]): Partial<Data> & { type: 'scatter'; mode: 'lines' } {
  return {
    type: 'scatter',
    mode: 'lines',
    ...thinByLog(points, curveLimit),
    hovertemplate: 'norm %{y:.3~g}<extra></extra>',
  };
}
