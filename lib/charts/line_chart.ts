/** A line for each of several rows of numbers. */
import { UserError } from '../base/errors';
import { round } from '../base/format';
import { plotlyText } from '../base/text';
import { createFigure, type Figure } from './figure';
import { baseLayout, namedAxis, toolbarMargin } from './parts/theme';
import { lineStyles } from './training_curves';

export interface Curve {
  readonly name: string;
  readonly x: readonly number[];
  /** As many as x. */
  readonly y: readonly number[];
}

export interface LineChartOptions {
  /** What is to be seen, for viewers that show text. */
  title: string;
  /** Name of the horizontal axis, with its unit. */
  xAxis: string;
  yAxis: string;
  /** Mark each point. Default false. */
  markers?: boolean;
}

/** More lines than that cannot be told apart. */
const most = 12;

/**
 * Curves that differ by colour and by dash.
 * @throws UserError for no curve, more than 12, or one with more or fewer x than y
 *
 * @example
 * const figure = lineChart([{ name: 'GRU', x: [10, 20], y: [0.1, 0.2] }], {
 *   ...{ title: 'Error against time steps', xAxis: 'time steps', yAxis: 'error rate' },
 * });
 */
export function lineChart(
  curves: readonly Curve[],
  { title, xAxis, yAxis, markers = false }: LineChartOptions,
): Figure {
  if (curves.length === 0 || curves.length > most) {
    throw new UserError(`Expected 1 to ${most} curves, found ${curves.length}`);
  }
  const odd = curves.find(({ x, y }) => x.length !== y.length);
  if (odd) {
    const { name, x, y } = odd;
    throw new UserError(`Expected as many x as y for ${name}, found ${x.length} and ${y.length}`);
  }
  const { colors, dashes } = lineStyles;
  return createFigure({
    data: curves.map(({ name, x, y }, i) => ({
      type: 'scatter',
      mode: markers ? 'lines+markers' : 'lines',
      name: plotlyText(name),
      x: [...x],
      y: y.map(round),
      line: { color: colors[i % colors.length], dash: dashes[i % dashes.length], width: 2 },
      hovertemplate: `${plotlyText(name)}: %{y:.4~g}<extra></extra>`,
    })),
    layout: {
      ...baseLayout(title),
      height: 340,
      margin: { l: 80, r: toolbarMargin, t: 50, b: 50 },
      xaxis: namedAxis(xAxis),
      yaxis: namedAxis(yAxis),
      hovermode: 'x',
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
    },
  });
}
