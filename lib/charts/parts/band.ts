/** Several curves as one: their median, in a band from the lowest to the highest. */
import type { Data } from 'plotly.js';
import { percent, round } from '../../base/format';
import type { Point } from '../../base/smooth';
import { median } from '../../base/statistics';
import { thin } from './series';
import { channels } from './theme';

/** `y` is the median. */
export interface BandPoint extends Point {
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** How many curves have a point there. */
  readonly count: number;
}

/** Those of a run's two panels; empty for a run by itself. */
export interface Bands {
  readonly loss: readonly BandPoint[];
  readonly test: readonly BandPoint[];
}

export const noBands: Bands = { loss: [], test: [] };

type Curve = readonly (Point & { readonly step: number })[];

/** What shares its colour and its place in the legend with its curve. */
interface BandStyle {
  readonly color: string;
  readonly group: string;
  readonly yaxis: 'y' | 'y2';
}

export function medianBands(curves: readonly { readonly loss: Curve; readonly test: Curve }[]): Bands {
  return {
    loss: medianBand(curves.map(({ loss }) => loss)),
    test: medianBand(curves.map(({ test }) => test)),
  };
}

/**
 * At each step that more than half of the curves have a point at: where one run ended early, the others still tell how the
 * group goes on. Both coordinates are medians, for time differs between runs.
 * @param curves each in the order of its steps
 */
export function medianBand(curves: readonly Curve[]): BandPoint[] {
  const atStep = new Map<number, Point[]>();
  for (const curve of curves) {
    for (const { step, x, y } of curve) {
      if (!Number.isFinite(y)) continue;
      const points = atStep.get(step);
      if (points) points.push({ x, y });
      else atStep.set(step, [{ x, y }]);
    }
  }
  return [...atStep]
    .filter(([, points]) => points.length > curves.length / 2)
    .sort(([a], [b]) => a - b)
    .map(([step, points]) => {
      const values = points.map(({ y }) => y);
      const x = median(points.map(point => point.x));
      const [low, high] = [Math.min(...values), Math.max(...values)];
      return { step, x, y: median(values), low, high, count: points.length };
    });
}

/** The area between the lowest and the highest curve; none for no points. */
export function bandArea(
  points: readonly BandPoint[],
  { color, group, yaxis }: BandStyle,
  limit: number,
): Data[] {
  if (points.length === 0) return [];
  const [low, high] = (['low', 'high'] as const).map(edge =>
    thin(
      points.map(point => ({ x: point.x, y: point[edge] })),
      limit,
    ),
  );
  const outline = [...low, ...high.reverse()];
  return [
    {
      type: 'scatter',
      mode: 'lines',
      x: outline.map(({ x }) => round(x)),
      y: outline.map(({ y }) => round(y)),
      fill: 'toself',
      fillcolor: `rgba(${channels(color).join(', ')}, 0.3)`,
      line: { width: 0, color },
      legendgroup: group,
      showlegend: false,
      hoverinfo: 'skip',
      yaxis,
    },
  ];
}

/** `training loss 0.123 (0.11 to 0.13 of 5 runs) at step 500, test error …` */
export function describeBands({ loss, test }: Bands): string {
  const describe = (what: string, points: readonly BandPoint[], show: (value: number) => string | number) =>
    points.slice(-1).map(({ y, low, high, step, count }) => {
      const range = `${show(low)} to ${show(high)}`;
      return `${what} ${show(y)} (${range} of ${count} runs) at step ${step}`;
    });
  const parts = [...describe('training loss', loss, round), ...describe('test error', test, percent)];
  return parts.join(', ') || 'no steps yet';
}
