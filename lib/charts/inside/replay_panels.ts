/** The panels of a replay that stay the same in all frames: their axes, the curves, and the pictures of state and gates. */
import type { Annotations, Data, Image, LayoutAxis } from 'plotly.js';
import { round } from '../../base/format';
import { plotlyText } from '../../base/text';
import { indexOfLargest } from '../../base/statistics';
import type { FigureLayout } from '../figure';
import { nameOfClass } from '../parts/digit';
import { byActivity, largestIn, type Matrix } from '../parts/matrix';
import { stripPng } from '../parts/strip';
import { colors, namedAxis } from '../parts/theme';
import { stripsOf } from './replay_strips';

/** What is drawn of a replay. */
export interface ReplayRecord {
  readonly image: {
    /** rows · columns bytes, 0..255 */
    readonly pixels: Uint8Array;
    readonly rows: number;
    readonly columns: number;
    /** The right class, if it is known. */
    readonly label?: number;
  };
  readonly numSteps: number;
  /** `reads[step]`: the pixels that are read then, by their index. */
  readonly reads: readonly (readonly number[])[];
  /** `probabilities[step][class]`, 0..1 */
  readonly probabilities: Matrix;
  readonly layers: readonly {
    readonly direction: string;
    readonly layer: number;
    /** By name, `[step][unit]`. */
    readonly state: Readonly<Record<string, Matrix>>;
    readonly gates: Readonly<Record<string, Matrix>>;
  }[];
}

export interface ReplayPanels {
  readonly height: number;
  readonly traces: Data[];
  readonly layout: FigureLayout;
  readonly images: Partial<Image>[];
  /** Where the panels over time begin and end, as parts of the height. */
  readonly strips: { readonly top: number; readonly bottom: number };
}

/** Sizes in pixels. */
const digitHeight = 190;
const curvesHeight = 150;
const stripHeight = 84;
const gap = 34;
const margins = 145;
/** A class that was never this likely has no name at its curve. */
const named = 0.3;

/** @param layer whose state and gates are shown */
export function replayPanels(
  record: ReplayRecord,
  layer: ReplayRecord['layers'][number],
  classNames?: readonly string[],
): ReplayPanels {
  const { numSteps, probabilities, image } = record;
  const strips = stripsOf(layer);
  const inner = digitHeight + gap + curvesHeight + strips.length * (stripHeight + gap);
  /** From pixels below the top to a part of the height. */
  const part = (y: number) => 1 - y / inner;
  const stripTop = (i: number) => digitHeight + gap + curvesHeight + gap + i * (stripHeight + gap);
  const fixed = { fixedrange: true, showgrid: false } as const;
  const hidden = { visible: false, fixedrange: true, constrain: 'domain' } as const;
  const order = byActivity(strips[0].matrix);
  const stripAxes = strips.map(({ matrix }, i): [string, Partial<LayoutAxis>] => [
    `yaxis${i + 4}`,
    {
      ...namedAxis(''),
      ...fixed,
      domain: [part(stripTop(i) + stripHeight), part(stripTop(i))],
      range: [matrix[0].length, 0],
      anchor: 'x3',
      showticklabels: false,
      ticks: '',
    },
  ]);
  const classes = Array.from(probabilities[0], (_, i) => i);
  const bottom = part(inner);
  return {
    height: inner + margins,
    traces: [...curves(record, classNames), ...stripPoints(strips)],
    layout: {
      xaxis: { ...hidden, domain: [0, 0.34], range: [0, image.columns] },
      yaxis: { ...hidden, domain: [part(digitHeight), 1], range: [image.rows, 0], scaleanchor: 'x' },
      xaxis2: {
        ...namedAxis(''),
        ...fixed,
        domain: [0.48, 1],
        anchor: 'y2',
        tickvals: classes,
        ticktext: classes.map(i => plotlyText(nameOfClass(i, classNames))),
      },
      yaxis2: {
        ...namedAxis(''),
        ...fixed,
        domain: [part(digitHeight), 1],
        range: [0, 1.08],
        anchor: 'x2',
        tickvals: [0, 0.5, 1],
        ticktext: ['0', '50 %', '100 %'],
      },
      xaxis3: {
        ...namedAxis('time step'),
        ...fixed,
        domain: [0, 1],
        range: [0.5, numSteps + 0.5],
        anchor: 'free',
        position: bottom,
      },
      yaxis3: {
        ...namedAxis('probability'),
        fixedrange: true,
        domain: [part(digitHeight + gap + curvesHeight), part(digitHeight + gap)],
        range: [0, 1.12],
        anchor: 'x3',
      },
      ...Object.fromEntries(stripAxes),
      annotations: [
        ...curveNames(record, classNames),
        ...strips.map((strip, i) => title(strip.title, part(stripTop(i)))),
        title('if the image ended here', 1, 0.48),
      ],
    },
    images: strips.map(({ matrix }, i): Partial<Image> => {
      const own = matrix[0].length === order.length ? order : byActivity(matrix);
      return {
        source: stripPng(matrix, own, largestIn(matrix)),
        ...{ xref: 'x3', yref: `y${i + 4}` as Image['yref'], x: 0.5, y: 0, xanchor: 'left', yanchor: 'top' },
        ...{ sizex: numSteps, sizey: matrix[0].length, sizing: 'stretch', layer: 'below' },
      };
    }),
    strips: { top: part(digitHeight + gap), bottom },
  };
}

/** The right class is blue; the answer at the end, if it is another, vermilion; all others thin. */
function curves(
  { numSteps, probabilities, image: { label } }: ReplayRecord,
  classNames?: readonly string[],
): Data[] {
  const last = Array.from(probabilities[numSteps - 1]);
  const answer = indexOfLargest(last);
  const order = last.map((_, i) => i).sort((a, b) => rank(a) - rank(b));
  function rank(i: number): number {
    return i === (label ?? answer) ? 2 : i === answer ? 1 : 0;
  }
  return order.map(i => {
    const name = plotlyText(nameOfClass(i, classNames));
    const color = [colors.text, colors.vermilion, colors.blue][rank(i)];
    return {
      type: 'scatter',
      mode: 'lines',
      name,
      x: probabilities.map((_, t) => t + 1),
      y: probabilities.map(step => round(step[i])),
      line: { color, width: rank(i) > 0 ? 3 : 1 },
      hovertemplate: `${name}: %{y:.1%} after step %{x}<extra></extra>`,
      xaxis: 'x3',
      yaxis: 'y3',
    };
  });
}

/** At the highest point of each curve that comes high. */
function curveNames({ probabilities }: ReplayRecord, classNames?: readonly string[]): Partial<Annotations>[] {
  return Array.from(probabilities[0], (_, i) => probabilities.map(step => step[i])).flatMap((curve, i) => {
    const peak = Math.max(...curve);
    if (peak < named) return [];
    return [
      {
        ...{
          xref: 'x3',
          yref: 'y3',
          x: curve.indexOf(peak) + 1,
          y: peak,
          xanchor: 'right',
          yanchor: 'bottom',
        },
        text: plotlyText(nameOfClass(i, classNames)),
        ...{ showarrow: false, font: { color: colors.text }, xshift: -2 },
      },
    ];
  });
}

/** Just above a panel. */
function title(text: string, y: number, x = 0): Partial<Annotations> {
  return {
    ...{ xref: 'paper', yref: 'paper', x, y, xanchor: 'left', yanchor: 'bottom' },
    text: plotlyText(text),
    showarrow: false,
  };
}

/** Without a trace Plotly draws no axis: one invisible point for each strip. */
function stripPoints(strips: readonly { readonly matrix: Matrix }[]): Data[] {
  return strips.map((_, i) => ({
    type: 'scatter',
    mode: 'none',
    x: [1],
    y: [0],
    hoverinfo: 'skip',
    xaxis: 'x3',
    yaxis: `y${i + 4}`,
  }));
}
