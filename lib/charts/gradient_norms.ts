/** How much of the gradient reaches each time step in the backward pass. */
import type { PlotData } from 'plotly.js';
import { UserError } from '../base/errors';
import { plotlyText, textOf } from '../base/text';
import { createFigure, type Figure } from './figure';
import { thinByLog } from './parts/series';
import { lineStyles } from './training_curves';
import { baseLayout, namedAxis, toolbarMargin } from './parts/theme';

/** Norms of gradients by time step, with a name. */
export interface NormCurve {
  readonly name: string;
  /** The norm of the gradient by the state before each time step, first step first. */
  readonly norms: readonly number[];
}

const curveLimit = 400;

/**
 * The norm against the time step, on a logarithmic scale: the loss is at the right, the backward pass goes to the left.
 * Where a gradient is exactly zero, there is no curve.
 * @throws UserError without a curve
 */
export function gradientNorms(curves: readonly NormCurve[]): Figure {
  if (curves.length === 0) throw new UserError('Expected at least one curve of norms, found none');
  return createFigure({
    data: curves.map(trace),
    layout: {
      ...baseLayout(describe(curves)),
      height: 420,
      margin: { l: 80, r: toolbarMargin, t: 50, b: 50 },
      xaxis: { ...namedAxis('time step'), rangemode: 'tozero' },
      yaxis: {
        ...namedAxis('norm of ∂loss/∂state'),
        type: 'log',
        exponentformat: 'power',
        dtick: decades(curves),
      },
      hovermode: 'closest',
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
    },
  });
}

function trace({ name, norms }: NormCurve, i: number): Partial<PlotData> {
  const { colors, dashes } = lineStyles;
  const points = norms.map((norm, step) => ({ x: step + 1, y: norm })).filter(({ y }) => y > 0);
  return {
    type: 'scatter',
    mode: 'lines',
    name: plotlyText(name),
    ...thinByLog(points, curveLimit),
    line: { color: colors[i % colors.length], dash: dashes[i % dashes.length], width: 2 },
    hovertemplate: `${plotlyText(name)}: %{y:.2e} before step %{x}<extra></extra>`,
  };
}

/** How many powers of ten lie between two numbers at the axis, so that there are about eight numbers. */
function decades(curves: readonly NormCurve[]): number {
  const powers = curves.flatMap(({ norms }) => norms.filter(norm => norm > 0).map(Math.log10));
  const spread = powers.length > 0 ? Math.max(...powers) - Math.min(...powers) : 1;
  return Math.max(1, Math.ceil(spread / 8));
}

function describe(curves: readonly NormCurve[]): string {
  const told = curves.map(({ name, norms }) => `${textOf(name)} ${norms[0].toExponential(1)}`);
  return `Norm of the gradient by the state, over ${curves[0].norms.length} time steps; what reaches the first: ${told.join(', ')}`;
}
