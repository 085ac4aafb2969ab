import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlotData } from 'plotly.js';
import { confusionMatrix, describeFigure } from '../../lib/charts';
import { colors, mix } from '../../lib/charts/parts/theme';
import { deepFreeze } from './samples';

const counts = deepFreeze([
  [90, 0, 4],
  [2, 70, 0],
  [0, 0, 80],
]);

test('each count stands at its label and prediction', () => {
  const [numbers] = confusionMatrix(counts).data as PlotData[];
  const text = numbers.text as unknown as string[];
  counts.forEach((row, label) =>
    row.forEach((count, prediction) => {
      const i = label * 3 + prediction;
      assert.deepEqual(
        [numbers.x[i], numbers.y[i], text[i]],
        [prediction, label, count ? String(count) : ''],
      );
    }),
  );
});

test('only mistakes have a colour, the more the stronger', () => {
  const { shapes } = confusionMatrix(counts).layout;
  const fillAt = (label: number, prediction: number) =>
    shapes!.find(
      ({ x0, x1, y0, y1 }) =>
        Number(x0) + Number(x1) === 2 * prediction && Number(y0) + Number(y1) === 2 * label,
    )?.fillcolor;
  assert.equal(fillAt(0, 0), undefined);
  assert.equal(fillAt(0, 1), colors.grid);
  assert.equal(fillAt(0, 2), mix(colors.slate, colors.vermilion, 1));
  assert.equal(fillAt(1, 0), mix(colors.slate, colors.vermilion, 0.5));
});

test('the axes say which is which, and the first label is on top', () => {
  const { xaxis, yaxis } = confusionMatrix(counts, ['a', 'b', 'c']).layout;
  assert.deepEqual(xaxis!.title, { ...(xaxis!.title as object), text: 'predicted class' });
  assert.deepEqual(yaxis!.title, { ...(yaxis!.title as object), text: 'true class (label)' });
  assert.deepEqual(xaxis!.ticktext, ['a', 'b', 'c']);
  assert.ok(yaxis!.range![0] > yaxis!.range![1]);
});

test('the mouse and the description tell it in words', () => {
  const figure = confusionMatrix(counts, ['a', 'b', 'c']);
  assert.equal((figure.data[0] as PlotData).hovertext[2], 'a taken for c: 4 of 94');
  assert.equal(describeFigure(figure), 'Confusion matrix of 246 examples, 6 of them wrong');
});

test('without mistakes there is nothing to mark', () => {
  const { shapes } = confusionMatrix([
    [5, 0],
    [0, 5],
  ]).layout;
  assert.ok(shapes!.every(({ fillcolor }) => fillcolor === colors.grid));
});
