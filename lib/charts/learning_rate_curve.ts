/** The loss against the learning rate, as the range test found it. */
import { round } from '../base/format';
import { createFigure, type Figure } from './figure';
import { baseLayout, colors, namedAxis, toolbarMargin } from './parts/theme';

/** What `learningRateFinder` returns. */
export interface RangeTest {
  readonly rates: readonly number[];
  readonly losses: readonly number[];
  readonly smoothed: readonly number[];
  readonly suggestion?: number;
  readonly reason: string;
}

/**
 * The loss of each batch and its moving average against the rate, which grows from step to step, on a logarithmic scale; a
 * line marks the suggestion.
 *
 * @example
 * await show(learningRateCurve(await learningRateFinder(run)));
 */
export function learningRateCurve({ rates, losses, smoothed, suggestion, reason }: RangeTest): Figure {
  const told = suggestion === undefined ? 'no suggestion' : `suggestion ${twoDigits(suggestion)}`;
  // What explodes at the end would press all else against the axis.
  const highest = Math.max(...smoothed.slice(0, Math.ceil(smoothed.length / 2)), smoothed[0]);
  const lowest = Math.min(...smoothed);
  const margin = 0.25 * Math.max(highest - lowest, 0.1);
  const trace = { type: 'scatter', mode: 'lines', x: rates.map(round) } as const;
  return createFigure({
    data: [
      {
        ...trace,
        y: losses.map(round),
        name: 'each batch',
        line: { color: colors.sky, width: 1 },
        opacity: 0.5,
        hoverinfo: 'skip',
      },
      {
        ...trace,
        y: smoothed.map(round),
        name: 'smoothed',
        line: { color: colors.blue, width: 2 },
        hovertemplate: 'loss %{y:.4f} at a rate of %{x:.2~e}<extra></extra>',
      },
    ],
    layout: {
      ...baseLayout(`Range test of ${rates.length} learning rates: ${told}, ${reason}`),
      height: 340,
      margin: { l: 70, r: toolbarMargin, t: 50, b: 50 },
      xaxis: { ...namedAxis('learning rate'), type: 'log', exponentformat: 'power', dtick: 1 },
      yaxis: {
        ...namedAxis('loss (nats)'),
        range: [Math.max(0, lowest - margin), highest + margin],
      },
      shapes: suggestion === undefined ? [] : [mark(suggestion)],
      hovermode: 'closest',
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
    },
  });
}

const twoDigits = (rate: number) => String(Number(rate.toPrecision(2)));

/** Shapes on a logarithmic axis stand at the values themselves. */
function mark(rate: number) {
  const line = { color: colors.vermilion, width: 2, dash: 'dash' } as const;
  const label = {
    text: twoDigits(rate),
    textposition: 'start',
    textangle: 0,
    xanchor: 'left',
    font: { color: colors.text },
  } as const;
  return { type: 'line', xref: 'x', yref: 'paper', x0: rate, x1: rate, y0: 0, y1: 1, line, label } as const;
}
