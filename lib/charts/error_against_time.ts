/** Test error against the time of a training step: what a better result costs. */
import { percent, round } from '../base/format';
import { median } from '../base/statistics';
import type { Annotations, PlotData } from 'plotly.js';
import { textWidth } from '../base/text_width';
import { plotlyLines, plotlyText, textOf } from '../base/text';
import { createFigure, type Figure } from './figure';
import { placeLabels, type Mark, type PlacedLabel } from './parts/place_labels';
import { lineStyles } from './training_curves';
import { baseLayout, colors, namedAxis } from './parts/theme';

/** A cell with what was measured of it. */
export interface MeasuredCell {
  readonly label: string;
  readonly family: string;
  readonly msPerStep?: number;
  /** Of the test errors, 0..1. */
  readonly median?: number;
  readonly range?: readonly [lowest: number, highest: number];
}

type Point = Required<MeasuredCell>;

/** Sizes in pixels; on a wider page the labels keep their distance. */
const size = { width: 760, height: 560 };
const margin = { l: 70, r: 30, t: 50, b: 50 };
const labelSize = 12;
const markSize = 9;

/**
 * A mark for each cell, with a bar from the lowest to the highest error; both axes are logarithmic. Names stand beside
 * the marks where there is room for them, all of them appear under the mouse. Cells far worse than the others are told
 * in words, so that the others need not stand in a heap; those without an error or a time are left out.
 */
export function errorAgainstTime(cells: readonly MeasuredCell[]): Figure {
  const measured = cells.filter(isMeasured).map(point => ({ ...point, label: textOf(point.label) }));
  const points = measured.filter(point => !isFarOff(point, measured));
  const farOff = measured.filter(point => isFarOff(point, measured));
  const families = [...new Set(cells.map(({ family }) => family))];
  const times = points.map(({ msPerStep }) => msPerStep);
  const errors = points.flatMap(({ range, median }) => [...range, median]);
  const x = axis(times, size.width - margin.l - margin.r);
  const y = axis(errors, size.height - margin.t - margin.b);
  const marks = points.map(({ msPerStep, median, range }) => ({
    x: x.pixel(msPerStep),
    y: -y.pixel(median), // downwards, as on the screen
    top: -y.pixel(range[1]),
    bottom: -y.pixel(range[0]),
  }));
  const labels = labelsOf(points, marks, farOff.length > 0 ? 20 : 0);
  return createFigure({
    data: families.map((family, i) => trace(family, points, i)).filter(({ x }) => x.length > 0),
    layout: {
      ...baseLayout(describe(measured)),
      height: size.height,
      margin,
      xaxis: { ...namedAxis('time of a training step (ms)'), type: 'log', range: x.range, tickvals: x.ticks },
      yaxis: {
        ...namedAxis('test error (%)'),
        type: 'log',
        range: y.range,
        tickvals: y.ticks,
        tickformat: '.1~%',
      },
      hovermode: 'closest',
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
      annotations: [...points.flatMap((point, i) => annotation(point, labels[i])), ...aside(farOff)],
    },
  });
}

function isMeasured(cell: MeasuredCell): cell is Point {
  const { msPerStep = NaN, median = NaN, range = [NaN] } = cell;
  return [msPerStep, median, ...range].every(value => Number.isFinite(value) && value > 0);
}

/** More than some times as many mistakes as the one in the middle makes. */
function isFarOff(point: Point, all: readonly Point[]): boolean {
  return point.median > 6 * median(all.map(each => each.median));
}

function trace(family: string, all: readonly Point[], index: number) {
  const points = all.filter(point => point.family === family);
  const color = lineStyles.colors[index % lineStyles.colors.length];
  const errors = points.map(({ median }) => median);
  return {
    type: 'scatter',
    mode: 'markers',
    name: plotlyText(family),
    x: points.map(({ msPerStep }) => round(msPerStep)),
    y: errors.map(round),
    text: points.map(({ label, range }) => plotlyLines([label, range.map(percent).join(' to ')])),
    hovertemplate: '%{text}<br>median %{y:.2%}, %{x:.1f} ms<extra></extra>',
    marker: { color, symbol: lineStyles.symbols[index % lineStyles.symbols.length], size: markSize },
    error_y: {
      type: 'data',
      symmetric: false,
      array: points.map(({ range }, i) => round(range[1] - errors[i])),
      arrayminus: points.map(({ range }, i) => round(errors[i] - range[0])),
      color,
      thickness: 1.5,
      width: 3,
    },
  } satisfies Partial<PlotData>;
}

/** A logarithmic axis with some room at both ends. */
function axis(values: readonly number[], pixels: number) {
  const some = values.length > 0 ? values : [0.1, 1]; // nothing is measured yet
  const [low, high] = [Math.min(...some), Math.max(...some)].map(Math.log10);
  const room = Math.max(0.08 * (high - low), 0.04);
  const range = [low - room, high + room];
  const digits = high - low > 1.2 ? [1, 2, 5] : high - low > 0.5 ? [1, 1.5, 2, 3, 5, 7] : tenths;
  const ticks = [-4, -3, -2, -1, 0, 1, 2, 3]
    .flatMap(power => digits.map(digit => round(digit * 10 ** power)))
    .filter(tick => Math.log10(tick) >= range[0] && Math.log10(tick) <= range[1]);
  const pixel = (value: number) => ((Math.log10(value) - range[0]) / (range[1] - range[0])) * pixels;
  return { range, ticks, pixel };
}

const tenths = [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9];

function labelsOf(
  points: readonly Point[],
  marks: readonly Mark[],
  room: number,
): (PlacedLabel | undefined)[] {
  const sizes = points.map(({ label }) => ({ width: textWidth(label, labelSize), height: labelSize + 2 }));
  const area = {
    left: 0,
    right: size.width - margin.l - margin.r,
    top: -(size.height - margin.t - margin.b) + room,
    bottom: 0,
  };
  return placeLabels(marks, sizes, area);
}

function annotation({ label, msPerStep, median }: Point, place?: PlacedLabel): Partial<Annotations>[] {
  if (!place) return [];
  const { xanchor, yanchor, dx: xshift, dy } = place;
  return [
    {
      ...{ xref: 'x', yref: 'y', x: Math.log10(msPerStep), y: Math.log10(median), text: plotlyText(label) },
      ...{ xanchor, yanchor, xshift, yshift: -dy, showarrow: false, borderpad: 0 },
      font: { size: labelSize, color: colors.text },
    },
  ];
}

/** In the upper right corner. */
function aside(points: readonly Point[]): Partial<Annotations>[] {
  if (points.length === 0) return [];
  const texts = points.map(
    ({ label, median, msPerStep }) => `${label} ${(100 * median).toFixed(1)} % (${msPerStep.toFixed(1)} ms)`,
  );
  const place = { xref: 'paper', yref: 'paper', x: 1, y: 1, xanchor: 'right', yanchor: 'top' } as const;
  return [
    {
      ...place,
      text: plotlyText(`far above: ${texts.join(', ')}`),
      showarrow: false,
      font: { size: labelSize },
    },
  ];
}

function describe(points: readonly Point[]): string {
  if (points.length === 0) return 'Test error against the time of a training step: nothing is measured yet';
  const best = points.reduce((a, b) => (b.median < a.median ? b : a));
  const fastest = points.reduce((a, b) => (b.msPerStep < a.msPerStep ? b : a));
  const told = ({ label, median, msPerStep }: Point) =>
    `${label} (${percent(median)}, ${msPerStep.toFixed(1)} ms)`;
  return `Test error against the time of a training step for ${points.length} cells; best ${told(best)}, fastest ${told(fastest)}`;
}
