import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PlotData } from 'plotly.js';
import { describeFigure, type Figure } from '../../../lib/charts';
import { parallelCoordinates, type ParallelTrial } from '../../../lib/charts/search/parallel_coordinates';
import { channels, colors } from '../../../lib/charts/parts/theme';
import { figureToSvg } from '../../../lib/display/picture';
import { choice, integer, logUniform, randomPoints, uniform, type Space } from '../../../lib/search/space';
import { deepFreeze } from '../samples';

const space: Space = {
  learningRate: logUniform(1e-4, 1e-2),
  numLayers: integer(1, 3),
  cell: choice([{ kind: 'gru' }, { kind: 'lstm', peepholes: true }]),
};
const cell = { kind: 'lstm', peepholes: true };
const trials: ParallelTrial[] = [
  { number: 1, settings: { learningRate: 1e-3, numLayers: 2, cell }, state: 'finished', testError: 0.02 },
  {
    number: 2,
    settings: { learningRate: 1e-4, numLayers: 1, cell },
    state: 'stopped early',
    testError: 0.08,
  },
  { number: 3, settings: { learningRate: 1e-2, numLayers: 3, cell }, state: 'finished', testError: 0.04 },
  { number: 4, settings: { learningRate: 1e-2, numLayers: 3, cell: { kind: 'gru' } }, state: 'broke off' },
];

const lineOf = ({ data }: Figure, number: number) =>
  (data as PlotData[]).find(({ name }) => name === `trial ${number}`)!;
const texts = ({ layout }: Figure) => layout.annotations!.map(({ text }) => text);
const rgb = (color: unknown) => String(color).match(/\d+/g)!.map(Number);

test('each axis shows its values from bottom to top, by factors where the range is logarithmic', () => {
  const figure = parallelCoordinates(trials, space);
  const [first, second, third] = [1, 2, 3].map(number => lineOf(figure, number));
  const rounded = (values: unknown) => (values as number[]).map(value => Math.round(value * 1e6) / 1e6);
  assert.deepEqual(rounded(first.y), [0.5, 0.5, 0.75, 0]);
  assert.deepEqual(rounded(second.y), [0, 0, 0.75, 1]);
  assert.deepEqual(rounded(third.y), [1, 1, 0.75, 0.5]); // 4 % lies halfway between 2 and 8 %
  assert.deepEqual(first.x, [0, 1, 2, 3]);
});

test('the numbers at the axes are the real ones; integers have no halves', () => {
  assert.deepEqual(texts(parallelCoordinates(trials, space)), [
    ...['<b>learningRate</b>', '0.0001', '0.0002', '0.0005', '0.001', '0.002', '0.005', '0.01'],
    ...['<b>numLayers</b>', '1', '2', '3'],
    ...['<b>cell</b>', 'gru', 'lstm, peepholes true'],
    ...['<b>test error</b>', '2 %', '3 %', '4 %', '5 %', '6 %', '7 %', '8 %'],
  ]);
});

test('the lowest error is blue, thick and drawn last; the highest is vermilion', () => {
  const figure = parallelCoordinates(trials, space);
  const lines = (figure.data as PlotData[]).filter(({ name }) => name.startsWith('trial'));
  assert.deepEqual(
    lines.map(({ name }) => name),
    ['trial 4', 'trial 2', 'trial 3', 'trial 1'],
  );
  assert.deepEqual(rgb(lineOf(figure, 1).line.color), channels(colors.blue));
  assert.deepEqual(rgb(lineOf(figure, 2).line.color), channels(colors.vermilion));
  assert.ok(Number(lineOf(figure, 1).line.width) > Number(lineOf(figure, 3).line.width));
});

test('every colour of the scale stands out 3:1 from white and from #111', () => {
  const luminance = (color: readonly number[]) => {
    const [r, g, b] = color.map(value => ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const many = Array.from({ length: 50 }, (_, i) => ({
    ...trials[0],
    number: i,
    testError: 0.01 * 1.1 ** i,
  }));
  for (const { line } of parallelCoordinates(many, space).data as PlotData[]) {
    const own = luminance(rgb(line.color)) + 0.05;
    assert.ok(1.05 / own > 3 && own / (luminance([17, 17, 17]) + 0.05) > 3, String(line.color));
  }
});

test('trials that did not finish are dashed and fainter, with a legend; without a test they end earlier', () => {
  const figure = parallelCoordinates(trials, space);
  const [finished, early, broken] = [1, 2, 4].map(number => lineOf(figure, number));
  assert.deepEqual([finished.line.dash, early.line.dash, broken.line.dash], ['solid', 'dash', 'dash']);
  assert.ok(early.opacity < finished.opacity);
  assert.deepEqual(broken.x, [0, 1, 2]);
  assert.equal(figure.layout.showlegend, true);
  assert.equal(parallelCoordinates([trials[0]], space).layout.showlegend, false);
});

test('under the mouse stand the trial and its settings', () => {
  assert.equal(
    lineOf(parallelCoordinates(trials, space), 2).hovertemplate,
    '<b>trial 2</b>, stopped early: test error 8.00 %<br>learningRate 0.0001<br>numLayers 1<br>' +
      'cell lstm, peepholes true<extra></extra>',
  );
});

test('the description names the best', () => {
  assert.equal(
    describeFigure(parallelCoordinates(trials, space)),
    'Settings and test errors of 4 trials; trial 1 has the lowest, 2.00 %: learningRate 0.001, numLayers 2, ' +
      'cell lstm, peepholes true',
  );
  assert.match(describeFigure(parallelCoordinates([trials[3]], space)), /none of which was tested yet/);
});

test('no trial, one trial, equal errors and an error of 0 are figures too', () => {
  for (const some of [[], [trials[0]], [trials[3]], [trials[0], { ...trials[2], testError: 0.02 }]]) {
    checkPlaces(parallelCoordinates(some, space));
  }
  const figure = parallelCoordinates([...trials, { ...trials[0], number: 5, testError: 0 }], space);
  checkPlaces(figure);
  assert.equal((lineOf(figure, 5).y as number[])[3], 0);
});

test('every random point of every space lies on its axes, and each axis has numbers', () => {
  const range = fc
    .tuple(fc.double({ min: 1e-9, max: 10, noNaN: true }), fc.double({ min: 1.001, max: 1e6, noNaN: true }))
    .map(([min, factor]) => [min, min * factor]);
  fc.assert(
    fc.property(range, fc.integer({ min: 0, max: 1000 }), ([min, max], seed) => {
      const some: Space = {
        clipNorm: logUniform(min, max),
        dropout: uniform(min, max),
        seed: integer(2, 99),
      };
      const points = randomPoints(some, 5, seed).map((settings, i) => {
        return { number: i + 1, settings, state: 'finished', testError: (i + 1) / 10 };
      });
      const figure = parallelCoordinates(points, some);
      checkPlaces(figure);
      const ticks = [0, 1, 2, 3].map(axis => figure.layout.annotations!.filter(({ x }) => x === axis).length);
      assert.ok(
        ticks.every(count => count >= 2 && count <= 12),
        `${ticks.join()} at ${min} to ${max}`,
      );
    }),
  );
});

test('it can be drawn without a browser, and the trials stay as they are', async () => {
  const svg = await figureToSvg(parallelCoordinates(deepFreeze(trials), deepFreeze(space)));
  assert.ok(svg.includes('learningRate') && svg.includes('stopped before its end'));
});

/** All lines and numbers lie between the ends of the axes. */
function checkPlaces({ data, layout }: Figure): void {
  const places = [
    ...(data as PlotData[]).flatMap(({ y }) => y as (number | null)[]),
    ...layout.annotations!.map(({ y }) => y as number),
  ];
  for (const place of places) assert.ok(place === null || (place > -1e-6 && place < 1 + 1e-6), String(place));
}
