import type { Data, PlotData } from 'plotly.js';
import { percent, showValue } from '../../base/format';
import { plotlyText } from '../../base/text';
import { createFigure, type Figure } from '../figure';
import { describeTrial, type ParallelSpace, type ParallelTrial } from './parallel_coordinates';
import { errorAxis, settingAxis, type ParallelAxis } from '../parts/parallel_axes';
import { baseLayout, colors, mix, namedAxis, toolbarMargin } from '../parts/theme';

type TestedTrial = ParallelTrial & { readonly testError: number };

const columns = 2;
/** Fraction of the width between two panels. */
const gap = 0.08;
/** In pixels; below a panel stand its numbers and its setting's name. */
const [panelHeight, rowHeight] = [150, 220];
/** Numbers below a panel: on a narrow page there is no room for more. */
const mostTicks = 3;
const best = { symbol: 'diamond', color: colors.vermilion, size: 12 } as const;

/**
 * One panel for each setting of a search: its value against the test error, with all trials. Trials go from grey for the
 * first to blue for the last, so that one sees where a search that learns went; those that did not finish are hollow.
 * @param space decides the panels and their ranges; those of logUniform settings are logarithmic
 */
export function slices(trials: readonly ParallelTrial[], space: ParallelSpace): Figure {
  const tested = trials.filter(isTested).sort((a, b) => a.number - b.number);
  const errors = errorAxis(tested.map(({ testError }) => testError));
  const panels = Object.entries(space).flatMap(([name, dimension]) =>
    dimension ? [{ axis: settingAxis(name, dimension), isChoice: dimension.kind === 'choice' }] : [],
  );
  const rows = Math.ceil(panels.length / columns);
  const height = rows * rowHeight + 40;
  return createFigure({
    data: [
      ...panels.map(({ axis, isChoice }, i) => points(tested, axis, errors, isChoice, i)),
      ...legend(tested),
    ],
    layout: {
      ...baseLayout(describe(trials, tested)),
      height,
      margin: { l: 75, r: toolbarMargin, t: 40, b: rowHeight - panelHeight },
      ...Object.fromEntries(panels.flatMap(({ axis, isChoice }, i) => axes(axis, isChoice, errors, i, rows))),
      hovermode: 'closest',
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
    },
  });
}

function points(
  trials: readonly TestedTrial[],
  axis: ParallelAxis,
  errors: ParallelAxis,
  isChoice: boolean,
  panel: number,
): Data {
  const lowest = bestOf(trials);
  const each = <T>(ofBest: T, of: (trial: TestedTrial, i: number) => T) =>
    trials.map((trial, i) => (trial === lowest ? ofBest : of(trial, i)));
  const last = Math.max(1, trials.length - 1);
  const marker: Partial<PlotData['marker']> = {
    color: each<string>(best.color, (_, i) => mix(colors.text, colors.blue, i / last)),
    symbol: each<string>(best.symbol, symbolOf),
    size: each<number>(best.size, () => 8),
    line: { width: each(0, lineWidthOf) },
    opacity: 1, // of marks with sizes of their own Plotly makes it less
  };
  return {
    type: 'scatter',
    mode: 'markers',
    // Many trials have the same choice: side by side they can be told apart.
    x: trials.map((trial, i) => axis.placeOf(trial.settings[axis.name]) + (isChoice ? aside(i) : 0)),
    y: trials.map(({ testError }) => errors.placeOf(testError)),
    xaxis: axisName('x', panel),
    yaxis: axisName('y', panel),
    marker,
    showlegend: false,
    hovertemplate: trials.map(trial => `${describeTrial(trial)}<extra></extra>`),
  };
}

/** Spread evenly whatever the number of trials: the fractions of multiples of the golden ratio. */
function aside(i: number): number {
  return 0.12 * (((i * 0.618034) % 1) - 0.5);
}

function symbolOf({ state }: ParallelTrial): string {
  return state === 'finished' ? 'circle' : 'circle-open';
}

function lineWidthOf({ state }: ParallelTrial): number {
  return state === 'finished' ? 0 : 1.5;
}

/** Points of no trial, for the legend alone. */
function legend(trials: readonly TestedTrial[]): Data[] {
  const entries = [
    { name: 'first trials', color: colors.text, symbol: 'circle', size: 8 },
    { name: 'last trials', color: colors.blue, symbol: 'circle', size: 8 },
    { name: 'best', ...best },
    ...(trials.some(({ state }) => state !== 'finished')
      ? [{ name: 'stopped before its end', color: colors.text, symbol: 'circle-open', size: 8 }]
      : []),
  ];
  return entries.map(({ name, color, symbol, size }) => {
    const marker = { color, symbol, size, line: { width: symbol === 'circle-open' ? 1.5 : 0 } };
    return { type: 'scatter', mode: 'markers', name, x: [null], y: [null], marker, hoverinfo: 'skip' };
  });
}

function axes(
  axis: ParallelAxis,
  isChoice: boolean,
  errors: ParallelAxis,
  panel: number,
  rows: number,
): [string, object][] {
  const [column, row] = [panel % columns, Math.floor(panel / columns)];
  const width = (1 - gap * (columns - 1)) / columns;
  const left = column * (width + gap);
  const pitch = rowHeight / (rowHeight * (rows - 1) + panelHeight);
  const top = 1 - row * pitch;
  const bottom = Math.max(0, top - (panelHeight / rowHeight) * pitch);
  const few = isChoice ? axis.ticks : fewTicks(axis);
  const ticks = (of: ParallelAxis['ticks']) => ({
    tickmode: 'array',
    tickvals: of.map(({ place }) => place),
    ticktext: of.map(({ text }) => plotlyText(text)),
    tickfont: { size: 11 },
    range: [-0.06, 1.06],
  });
  return [
    [
      axisName('xaxis', panel),
      {
        ...namedAxis(plotlyText(axis.name)),
        ...ticks(few),
        domain: [left, left + width],
        anchor: axisName('y', panel),
        automargin: false,
      },
    ],
    [
      axisName('yaxis', panel),
      {
        ...namedAxis(column === 0 ? 'test error' : ''),
        ...ticks(errors.ticks),
        showticklabels: column === 0,
        domain: [bottom, top],
        anchor: axisName('x', panel),
      },
    ],
  ];
}

/** `x`, `x2`, … */
function axisName(name: string, panel: number): string {
  return panel === 0 ? name : `${name}${panel + 1}`;
}

/** Of too many numbers in a range the powers of ten, or else every second, third, … */
function fewTicks({ ticks }: ParallelAxis): ParallelAxis['ticks'] {
  if (ticks.length <= mostTicks) return ticks;
  const powers = ticks.filter(({ text }) =>
    Number.isInteger(Math.round(1e6 * Math.log10(Number(text))) / 1e6),
  );
  const some = powers.length >= 2 ? powers : ticks;
  const step = Math.ceil(some.length / mostTicks);
  return some.filter((_, i) => i % step === 0);
}

function isTested(trial: ParallelTrial): trial is TestedTrial {
  return Number.isFinite(trial.testError);
}

function bestOf(trials: readonly TestedTrial[]): TestedTrial | undefined {
  return trials.reduce<TestedTrial | undefined>(
    (a, b) => (a && a.testError <= b.testError ? a : b),
    undefined,
  );
}

function describe(trials: readonly ParallelTrial[], tested: readonly TestedTrial[]): string {
  const lowest = bestOf(tested);
  if (!lowest) return `Each setting of ${trials.length} trials, none of which was tested yet`;
  const values = Object.entries(lowest.settings).map(([name, value]) => `${name} ${showValue(value)}`);
  return `Each setting against the test error of ${tested.length} trials; the lowest, ${percent(lowest.testError)}, has ${values.join(', ')}`;
}
