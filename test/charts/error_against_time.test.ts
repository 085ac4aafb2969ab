import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlotData } from 'plotly.js';
import { describeFigure, errorAgainstTime, type Figure, type MeasuredCell } from '../../lib/charts';
import { placeLabels } from '../../lib/charts/parts/place_labels';
import { deepFreeze } from './samples';

const cell = (label: string, family: string, msPerStep: number, median: number): MeasuredCell => ({
  ...{ label, family, msPerStep, median },
  range: [0.9 * median, 1.2 * median],
});
const cells = [
  cell('basic RNN', 'plain', 10, 0.05),
  cell('GRU', 'gated', 20, 0.02),
  cell('MGU', 'gated', 16, 0.025),
  { label: 'not yet trained', family: 'grid', msPerStep: 30 },
];
const traces = ({ data }: Figure) => data as PlotData[];

test('the data of the figure: a trace for each family, a mark for each cell, bars from lowest to highest', () => {
  const shown = traces(errorAgainstTime(deepFreeze(cells))).map(({ name, x, y, text, error_y }) => {
    const { array, arrayminus } = error_y as { array: number[]; arrayminus: number[] };
    return { name, x, y, text, array, arrayminus };
  });
  assert.deepEqual(shown, [
    {
      name: 'plain',
      ...{ x: [10], y: [0.05], text: ['basic RNN<br>4.50 % to 6.00 %'] },
      ...{ array: [0.01], arrayminus: [0.005] },
    },
    {
      name: 'gated',
      ...{ x: [20, 16], y: [0.02, 0.025], text: ['GRU<br>1.80 % to 2.40 %', 'MGU<br>2.25 % to 3.00 %'] },
      ...{ array: [0.004, 0.005], arrayminus: [0.002, 0.0025] },
    },
  ]);
});

test('both axes are logarithmic, hold all bars, and have numbers', () => {
  const { xaxis, yaxis } = errorAgainstTime(cells).layout;
  for (const [axis, low, high] of [[xaxis!, 10, 20] as const, [yaxis!, 0.018, 0.06] as const]) {
    assert.equal(axis.type, 'log');
    assert.ok(Number(axis.range![0]) < Math.log10(low) && Number(axis.range![1]) > Math.log10(high));
    assert.ok(axis.tickvals!.length >= 3, String(axis.tickvals));
  }
});

test('families differ by colour and mark', () => {
  const [plain, gated] = traces(errorAgainstTime(cells));
  assert.notEqual(plain.marker.color, gated.marker.color);
  assert.notEqual(plain.marker.symbol, gated.marker.symbol);
});

test('cells that lie far apart have their names beside them', () => {
  const texts = errorAgainstTime(cells).layout.annotations!.map(({ text }) => text);
  assert.deepEqual(texts, ['basic RNN', 'GRU', 'MGU']);
});

test('the description names the best and the fastest', () => {
  assert.match(
    describeFigure(errorAgainstTime(cells)),
    /for 3 cells; best GRU \(2\.00 %, 20\.0 ms\), fastest basic RNN/,
  );
});

test('a cell that is far worse than the others is told in words, and they keep their room', () => {
  const figure = errorAgainstTime([...cells, cell('Grid1LSTM', 'grid', 12, 0.7)]);
  assert.deepEqual(
    traces(figure).map(({ name }) => name),
    ['plain', 'gated'],
  );
  assert.deepEqual(figure.layout.yaxis!.range, errorAgainstTime(cells).layout.yaxis!.range);
  assert.equal(figure.layout.annotations!.at(-1)!.text, 'far above: Grid1LSTM 70.0 % (12.0 ms)');
  assert.match(describeFigure(figure), /for 4 cells/);
});

test('nothing measured yet is a figure too', () => {
  const figure = errorAgainstTime(cells.slice(3));
  assert.deepEqual(figure.data, []);
  assert.match(describeFigure(figure), /nothing is measured yet/);
});

test('no label covers another or a mark, whatever the crowd; those without room have none', () => {
  const marks = Array.from({ length: 60 }, (_, i) => {
    const [x, y] = [150 + 110 * Math.sin(i * 12.9898), 100 + 80 * Math.sin(i * 78.233)];
    return { x, y, top: y - 10, bottom: y + 15 };
  });
  const size = { width: 60, height: 14 };
  const area = { left: 0, right: 300, top: 0, bottom: 200 };
  const placed = placeLabels(
    marks,
    marks.map(() => size),
    area,
  );
  const boxes = placed.flatMap((place, i) => {
    if (!place) return [];
    const left = marks[i].x + place.dx - { left: 0, center: 0.5, right: 1 }[place.xanchor] * size.width;
    const top = marks[i].y + place.dy - { top: 0, middle: 0.5, bottom: 1 }[place.yanchor] * size.height;
    return [{ i, left, right: left + size.width, top, bottom: top + size.height }];
  });
  assert.ok(boxes.length > 3 && boxes.length < 60, `${boxes.length} labels`);
  for (const box of boxes) {
    assert.ok(box.left >= 0 && box.right <= 300 && box.top >= 0 && box.bottom <= 200);
    const covers = (x0: number, x1: number, y0: number, y1: number) =>
      box.left < x1 && x0 < box.right && box.top < y1 && y0 < box.bottom;
    marks.forEach(({ x, y }, j) => assert.ok(j === box.i || !covers(x, x, y, y), 'covers a mark'));
    for (const b of boxes)
      assert.ok(b === box || !covers(b.left, b.right, b.top, b.bottom), 'covers a label');
  }
});
