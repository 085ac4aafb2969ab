import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlotData } from 'plotly.js';
import { describeFigure, stateCurves } from '../../lib/charts';
import { deepFreeze } from './samples';

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
  assert.throws(() => stateCurves([]), /Expected the states of 1 to 12 units at each time step, found 0$/);
  assert.throws(() => stateCurves([Array.from({ length: 13 }, () => 0)]), /found 13$/);
  assert.throws(() => stateCurves([[1, 2], [1]]), /found 1 at step 2 after 2$/);
});
