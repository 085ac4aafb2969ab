import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlotData } from 'plotly.js';
import { describeFigure, gradientNorms, type Figure } from '../../lib/charts';
import { deepFreeze } from './samples';

const traces = ({ data }: Figure) => data as PlotData[];

test('the data of the figure: the norm against the number of the step, without what is zero', () => {
  const curves = [
    { name: 'basic', norms: [0.0001, 0.001, 0.01] },
    { name: 'irnn', norms: [0, 0.02, 0.02] },
  ];
  const shown = traces(gradientNorms(deepFreeze(curves))).map(({ name, x, y }) => ({ name, x, y }));
  assert.deepEqual(shown, [
    { name: 'basic', x: [1, 2, 3], y: [0.0001, 0.001, 0.01] },
    { name: 'irnn', x: [2, 3], y: [0.02, 0.02] },
  ]);
});

test('the scale is logarithmic, the curves differ by colour and dash, the description tells the ends', () => {
  const figure = gradientNorms([
    { name: 'basic', norms: [1e-30, 1] },
    { name: 'gru', norms: [1e-3, 1] },
  ]);
  assert.equal(figure.layout.yaxis!.type, 'log');
  assert.ok(Number(figure.layout.yaxis!.dtick) >= 4, 'not a number for each power of ten');
  const [basic, gru] = traces(figure);
  assert.notEqual(basic.line.color, gru.line.color);
  assert.notEqual(basic.line.dash, gru.line.dash);
  assert.match(describeFigure(figure), /over 2 time steps; .* basic 1\.0e-30, gru 1\.0e-3$/);
});

test('a long curve is thinned out, and zeros alone are a figure too', () => {
  const long = Array.from({ length: 5000 }, (_, i) => 10 ** (-20 * (1 - i / 5000)));
  assert.equal(traces(gradientNorms([{ name: 'long', norms: long }]))[0].x.length, 400);
  assert.deepEqual(traces(gradientNorms([{ name: 'none', norms: [0, 0] }]))[0].y, []);
  assert.throws(() => gradientNorms([]), /Expected at least one curve/);
});
