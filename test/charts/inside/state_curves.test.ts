import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlotData } from 'plotly.js';
import { describeFigure, lineChart, stateCurves } from '../../../lib/charts';
import { deepFreeze } from '../samples';

test('each unit has a line of its own over the time steps', () => {
  const figure = stateCurves(
    deepFreeze([
      [0, 1],
      [0.5, -1],
      [0.25, 0],
    ]),
  );
  const shown = (figure.data as PlotData[]).map(({ name, x, y }) => ({ name, x, y }));
  assert.deepEqual(shown, [
    { name: 'unit 0', x: [1, 2, 3], y: [0, 0.5, 0.25] },
    { name: 'unit 1', x: [1, 2, 3], y: [1, -1, 0] },
  ]);
  assert.equal(describeFigure(figure), 'State of 2 units over 3 time steps');
});

test('no steps, too many units or steps of another width are refused', () => {
  assert.throws(() => stateCurves([]), /Expected 1 to 12 curves, found 0$/);
  assert.throws(() => stateCurves([Array.from({ length: 13 }, () => 0)]), /found 13$/);
  assert.throws(() => stateCurves([[1, 2], [1]]), /found 1 at step 2 after 2$/);
});

test('curves differ by colour and dash, and need as many x as y', () => {
  const axes = { title: 'a chart', xAxis: 'steps', yAxis: 'error' };
  const curve = { name: '<b>', x: [1, 2], y: [0, 1] };
  const [a, b] = lineChart(deepFreeze([curve, curve]), { ...axes, markers: true }).data as PlotData[];
  assert.notEqual(a.line.color, b.line.color);
  assert.notEqual(a.line.dash, b.line.dash);
  assert.deepEqual([a.mode, a.name], ['lines+markers', '&lt;b>']);
  assert.throws(() => lineChart([{ ...curve, y: [1] }], axes), /as many x as y for <b>, found 2 and 1$/);
});
