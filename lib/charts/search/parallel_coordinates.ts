import type { Annotations, Data, Shape } from 'plotly.js';
import { percent, showValue } from '../../base/format';
import { plotlyLines, plotlyText, textOf } from '../../base/text';
import { createFigure, type Figure } from '../figure';
import { errorAxis, settingAxis, type ParallelAxis, type ParallelDimension } from '../parts/parallel_axes';
import { baseLayout, colors, mix, toolbarMargin } from '../parts/theme';

/** A trial of a search, as `SweepResult.trials` has them. */
export interface ParallelTrial {
  /** 1 for the first. */
  readonly number: number;
  /** Of each setting of the space. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** `finished`, `stopped early`, … */
  readonly state: string;
  /** Lowest test error, 0..1; without it the line ends before the last axis. */
  readonly testError?: number;
}

/** What was searched, by setting: a search's `Space`. */
export type ParallelSpace = { readonly [setting: string]: ParallelDimension | undefined };

/** From good to bad; each mixture of neighbours stands out from white and from #111 too. */
const scale = [colors.blue, colors.text, colors.vermilion];

/**
 * Which settings lead to a low test error: one axis for each setting of a search and one for the test error, and one
 * line for each trial, from blue for the lowest error to vermilion for the highest. The best is thick; trials that did
 * not finish are dashed. Plotly's own parallel coordinates need a browser to be drawn; these are ordinary lines.
 * @param space decides axes and their ranges; of a logUniform setting the axis is logarithmic
 */
export function parallelCoordinates(trials: readonly ParallelTrial[], space: ParallelSpace): Figure {
  const tested = trials.filter(isTested).sort(byError);
  const lastAxis = errorAxis(tested.map(({ testError }) => testError ?? 0));
  const settings = Object.entries(space).flatMap(([name, dimension]) =>
    dimension ? [settingAxis(name, dimension)] : [],
  );
  const axes = [...settings, lastAxis];
  const drawn = [...trials].sort(byError).reverse(); // the best above all others
  const lines = drawn.map(trial => trialLine(trial, settings, lastAxis, trial === tested[0]));
  const others = trials.some(({ state }) => state !== 'finished');
  return createFigure({
    data: [...lines, ...(others ? legend() : [])],
    layout: {
      ...baseLayout(describe(trials, tested[0])),
      height: 430,
      margin: { l: 20, r: toolbarMargin, t: 50, b: others ? 50 : 20 },
      xaxis: { visible: false, fixedrange: true, range: [-0.45, axes.length - 0.6] },
      yaxis: { visible: false, fixedrange: true, range: [-0.07, 1.03] },
      hovermode: 'closest',
      showlegend: others,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: -0.04, yanchor: 'top' },
      shapes: axes.flatMap(axisLines),
      annotations: axes.flatMap(axisTexts),
    },
  });
}

function trialLine(
  trial: ParallelTrial,
  settings: readonly ParallelAxis[],
  lastAxis: ParallelAxis,
  isBest: boolean,
): Data {
  const { number, testError, state } = trial;
  const finished = state === 'finished';
  const places = settings.map(({ name, placeOf }) => placeOf(trial.settings[name]));
  const end = isTested(trial) ? [lastAxis.placeOf(testError)] : [];
  const color = isTested(trial) ? colorAt(end[0]) : colors.text;
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name: plotlyText(`trial ${textOf(number)}`),
    x: [...places, ...end].map((_, i) => i),
    y: [...places, ...end],
    line: { color, width: isBest ? 4 : 1.3, dash: finished ? 'solid' : 'dash' },
    marker: { color, size: isBest ? 8 : 5 },
    opacity: finished ? 0.9 : 0.55,
    showlegend: false,
    hovertemplate: `${describeTrial(trial)}<extra></extra>`,
  };
}

function isTested({ testError }: ParallelTrial): boolean {
  return Number.isFinite(testError);
}

/** @param share 0 for the lowest test error, 1 for the highest */
function colorAt(share: number): string {
  const place = share * (scale.length - 1);
  const i = Math.min(scale.length - 2, Math.floor(place));
  return mix(scale[i], scale[i + 1], place - i);
}

/** What stands under the mouse, in HTML that Plotly knows. */
export function describeTrial({ number, settings, state, testError }: ParallelTrial): string {
  const error = testError === undefined ? 'no test' : `test error ${percent(testError)}`;
  const values = Object.entries(settings).map(([name, value]) => `${name} ${showValue(value)}`);
  return `<b>trial ${plotlyText(number)}</b>, ${plotlyLines([`${textOf(state)}: ${error}`, ...values])}`;
}

/** Lines of no trial, for the legend alone. */
function legend(): Data[] {
  const styles = [
    ['finished', 'solid'],
    ['stopped before its end', 'dash'],
  ] as const;
  return styles.map(([name, dash]) => {
    const line = { color: colors.text, width: 1.5, dash };
    return { type: 'scatter', mode: 'lines', name, x: [null], y: [null], line, hoverinfo: 'skip' };
  });
}

/** The axis itself, and a short line at each number: to the side where the numbers stand. */
function axisLines({ ticks }: ParallelAxis, i: number, axes: readonly ParallelAxis[]): Partial<Shape>[] {
  const line = { color: colors.text, width: 1 };
  const place = { type: 'line', xref: 'x', yref: 'y', line, layer: 'below' } as const;
  const side = isLast(i, axes) ? 0.02 : -0.02;
  return [
    { ...place, x0: i, x1: i, y0: 0, y1: 1 },
    ...ticks.map(tick => ({ ...place, x0: i + side, x1: i, y0: tick.place, y1: tick.place })),
  ];
}

/** Between two axes the numbers stand away from the middle: where many trials meet, they could not be read. */
function axisTexts(
  { name, ticks }: ParallelAxis,
  i: number,
  axes: readonly ParallelAxis[],
): Partial<Annotations>[] {
  const at = { xref: 'x', x: i, showarrow: false } as const;
  const last = isLast(i, axes);
  const between = i > 0 && !last;
  const side = last ? ({ xanchor: 'left', xshift: 8 } as const) : ({ xanchor: 'right', xshift: -4 } as const);
  const height = (place: number) => (!between ? 'middle' : place < 0.5 ? 'top' : 'bottom');
  return [
    { ...at, yref: 'paper', y: 1, yanchor: 'bottom', yshift: 10, text: `<b>${plotlyText(name)}</b>` },
    ...ticks.map(({ place, text }) => ({
      ...{
        ...at,
        ...side,
        yref: 'y' as const,
        y: place,
        yanchor: height(place) as 'middle',
        text: plotlyText(text),
      },
      font: { size: 11 },
    })),
  ];
}

function isLast(i: number, axes: readonly unknown[]): boolean {
  return i === axes.length - 1;
}

function byError(a: ParallelTrial, b: ParallelTrial): number {
  const [first, second] = [a.testError ?? Infinity, b.testError ?? Infinity];
  return first === second ? a.number - b.number : first - second;
}

function describe(trials: readonly ParallelTrial[], best: ParallelTrial | undefined): string {
  if (!best) return `Settings of ${trials.length} trials, none of which was tested yet`;
  const settings = Object.entries(best.settings).map(([name, value]) => `${name} ${showValue(value)}`);
  const found = `trial ${best.number} has the lowest, ${percent(best.testError)}: ${settings.join(', ')}`;
  return `Settings and test errors of ${trials.length} trials; ${found}`;
}
