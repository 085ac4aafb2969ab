/** The error curves of a training as one panel of a figure, with a mark that frames move. */
import type { Data, LayoutAxis, Shape } from 'plotly.js';
import { percent, round } from '../../base/format';
import type { History } from '../../base/history';
import { smooth, type Point } from '../../base/smooth';
import { logTicks, thin } from '../parts/series';
import { colors, namedAxis } from '../parts/theme';

/** Points of a curve. */
const curveLimit = 400;

/** Where the training is: a mark on the curve, with the test error. */
export function mark(step: number, error: number, lastStep: number): Data {
  return {
    type: 'scatter',
    mode: 'text+markers',
    x: [step],
    y: [round(error)],
    text: [percent(error)],
    textposition: step > 0.85 * lastStep ? 'top left' : 'top right',
    textfont: { color: colors.text },
    marker: { color: colors.vermilion, symbol: 'diamond', size: 13, line: { color: colors.text, width: 1 } },
    cliponaxis: false,
    hoverinfo: 'skip',
    xaxis: 'x2',
    yaxis: 'y2',
  };
}

/** The error on the training batches, smoothed, and that on the test images. */
export function errorLines({ train, test }: Pick<History, 'train' | 'test'>): Data[] {
  const batches = smooth(
    train.map(({ step, errorRate }) => ({ x: step, y: errorRate })),
    0.95,
  );
  const curve = (points: readonly Point[], color: string, name: string): Data => {
    const thinned = thin(points, curveLimit);
    return {
      type: 'scatter',
      mode: 'lines',
      x: thinned.map(({ x }) => x),
      y: thinned.map(({ y }) => round(y)),
      line: { color, width: 2 },
      hovertemplate: `${name} error %{y:.2%} after step %{x}<extra></extra>`,
      xaxis: 'x2',
      yaxis: 'y2',
    };
  };
  return [
    curve(batches, colors.sky, 'training'),
    curve(
      test.map(({ step, testError }) => ({ x: step, y: testError })),
      colors.vermilion,
      'test',
    ),
  ];
}

/**
 * @param errors all that are drawn: without a zero among them the axis is logarithmic
 * @param bottom of the panel, as a fraction of the figure
 */
export function errorAxes(
  lastStep: number,
  errors: readonly number[],
  bottom: number,
): { xaxis2: Partial<LayoutAxis>; yaxis2: Partial<LayoutAxis> } {
  const scale = errors.every(error => error > 0)
    ? ({ type: 'log', tickvals: logTicks(errors) } as const)
    : ({ rangemode: 'tozero' } as const);
  return {
    xaxis2: { ...namedAxis('training step'), fixedrange: true, range: [0, 1.02 * lastStep], anchor: 'y2' },
    yaxis2: {
      ...namedAxis('error rate'),
      ...scale,
      ...{ fixedrange: true, tickformat: '.1~%', anchor: 'x2', automargin: false },
      domain: [bottom, 1],
    },
  };
}

/** Through the mark. */
export function verticalLine(step: number): Partial<Shape> {
  const place = { xref: 'x2', yref: 'y2 domain', x0: step, x1: step, y0: 0, y1: 1 } as const;
  return { type: 'line', ...place, line: { color: colors.text, width: 1, dash: 'dot' } };
}
