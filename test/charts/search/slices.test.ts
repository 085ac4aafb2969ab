import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlotData } from 'plotly.js';
import { describeFigure, importanceBars, slices, type Figure } from '../../../lib/charts';
import type { ParallelTrial } from '../../../lib/charts/search/parallel_coordinates';
import { colors } from '../../../lib/charts/parts/theme';
import { figureToSvg } from '../../../lib/display/picture';
import { choice, logUniform, randomPoints, uniform, type Space } from '../../../lib/search/space';
import { deepFreeze } from '../samples';

const space: Space = {
  learningRate: logUniform(1e-4, 1),
  dropout: uniform(0, 0.5),
  cell: choice([{ kind: 'gru' }, { kind: 'lstm' }]),
};
const trials: ParallelTrial[] = [
  { number: 2, settings: { learningRate: 1, dropout: 0.5, cell: { kind: 'gru' } }, state: 'stopped early', testError: 0.4 }, // prettier-ignore
  { number: 1, settings: { learningRate: 0.01, dropout: 0.1, cell: { kind: 'lstm' } }, state: 'finished', testError: 0.1 }, // prettier-ignore
  { number: 3, settings: { learningRate: 1e-4, dropout: 0, cell: { kind: 'lstm' } }, state: 'finished', testError: 0.2 }, // prettier-ignore
  { number: 4, settings: { learningRate: 1e-4, dropout: 0, cell: { kind: 'lstm' } }, state: 'broke off' },
];
const panels = ({ data }: Figure) => (data as PlotData[]).filter(({ showlegend }) => showlegend === false);

test('each panel has the value of its setting against the error, in the order of the trials', () => {
  const [rate, dropout, cell] = panels(slices(deepFreeze(trials), deepFreeze(space)));
  assert.deepEqual(rate.x, [0.5, 1, 0]); // by factors
  assert.deepEqual((dropout.x as number[]).map(x => Math.round(100 * x)), [20, 100, 0]); // prettier-ignore
  (cell.x as number[]).forEach((x, i) => assert.ok(Math.abs(x - [0.75, 0.25, 0.75][i]) <= 0.0601));
  for (const { y } of [rate, dropout, cell]) assert.deepEqual((y as number[]).map(each => Math.round(100 * each)), [0, 100, 50]); // prettier-ignore
});

test('the best is a vermilion diamond, and hollow is what did not finish', () => {
  const [{ marker }] = panels(slices(trials, space));
  assert.deepEqual(marker.symbol, ['diamond', 'circle-open', 'circle']);
  assert.equal((marker.color as string[])[0], colors.vermilion);
  assert.match(describeFigure(slices(trials, space)), /of 3 trials; the lowest, 10.00 %, has learningRate 0.01, dropout 0.1, cell lstm$/); // prettier-ignore
});

test('choices all have their names, ranges a few numbers, and no panel covers another', () => {
  const six: Space = {
    ...space,
    optimizer: choice(['a', 'b', 'c', 'd', 'e'].map(kind => ({ kind }))) as never,
  };
  const { layout } = slices(trials, six);
  const axes = layout as unknown as Record<string, { ticktext: string[]; domain: [number, number]; title: { text: string } }>; // prettier-ignore
  assert.deepEqual(axes.xaxis4.ticktext, ['a', 'b', 'c', 'd', 'e']);
  assert.deepEqual(axes.xaxis.ticktext, ['0.0001', '0.01', '1']);
  assert.deepEqual(['xaxis', 'xaxis2', 'xaxis3', 'xaxis4'].map(name => axes[name].title.text), ['learningRate', 'dropout', 'cell', 'optimizer']); // prettier-ignore
  assert.ok(axes.xaxis.domain[1] < axes.xaxis2.domain[0] && axes.yaxis.domain[0] > axes.yaxis3.domain[1]);
  assert.ok(axes.yaxis3.domain[0] >= 0 && axes.yaxis.domain[1] === 1);
});

test('no trial, no test and many trials are figures too, and can be drawn without a browser', async () => {
  assert.match(describeFigure(slices([], space)), /none of which was tested yet/);
  assert.match(describeFigure(slices([trials[3]], space)), /of 1 trials, none/);
  const many = randomPoints(space, 50, 1).map((settings, i) => {
    return { number: i + 1, settings, state: 'finished', testError: (i + 1) / 60 };
  });
  const svg = await figureToSvg(slices(many, space));
  assert.ok(svg.includes('learningRate') && svg.includes('first trials'));
});

test('importances stand as bars, the largest at the top; grey is what chance alone could give', async () => {
  const rows = [
    { name: 'learningRate', importance: 0.8, byChance: 0.2 },
    { name: 'dropout', importance: 0.2, byChance: 0.3 },
  ];
  const figure = importanceBars(deepFreeze(rows));
  const [bars, marks] = figure.data as PlotData[];
  assert.deepEqual(
    [bars.y, bars.x],
    [
      ['dropout', 'learningRate'],
      [20, 80],
    ],
  );
  assert.deepEqual(bars.marker.color, [colors.text, colors.blue]);
  assert.deepEqual(marks.x, [30, 20]);
  assert.equal(describeFigure(figure), 'Importance of the settings: learningRate 80 %, dropout 20 % (no more than chance)'); // prettier-ignore
  assert.ok((await figureToSvg(figure)).includes('importance'));
});
