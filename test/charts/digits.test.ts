import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import type { PlotData } from 'plotly.js';
import { describeFigure, digitGrid, digitRows } from '../../lib/charts';
import { digitPng } from '../../lib/charts/parts/digit';
import { channels, colors } from '../../lib/charts/parts/theme';
import { deepFreeze, sampleDigit } from './samples';

function decode(uri: string): PNG {
  assert.match(uri, /^data:image\/png;base64,/);
  return PNG.sync.read(Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64'));
}

/** Colour in the middle of one of the digit's pixels. */
function colorAt(png: PNG, row: number, column: number, rows: number, columns: number): number[] {
  const x = Math.floor(((column + 0.5) * png.width) / columns);
  const y = Math.floor(((row + 0.5) * png.height) / rows);
  return [...png.data.subarray((y * png.width + x) * 4, (y * png.width + x) * 4 + 3)];
}

test('every pixel of the digit is a block of its shade in the picture', () => {
  const pixels = Uint8Array.of(0, 255, 128, 64, 0, 255);
  const png = decode(digitPng({ pixels, rows: 2, columns: 3, label: 0 }));
  const [dark, light] = [channels(colors.slate), channels(colors.onDark)];
  pixels.forEach((value, i) => {
    const expected = dark.map((from, k) => Math.round(from + (value / 255) * (light[k] - from)));
    assert.deepEqual(colorAt(png, Math.floor(i / 3), i % 3, 2, 3), expected);
  });
});

test('a picture of some rows holds these rows', () => {
  const pixels = Uint8Array.of(0, 0, 255, 255, 0, 0);
  const png = decode(digitPng({ pixels, rows: 3, columns: 2, label: 0 }, 1, 1));
  assert.equal(png.width / png.height, 2);
  assert.deepEqual(colorAt(png, 0, 0, 1, 2), channels(colors.onDark));
});

test('a grid has every image and its label, row after row', () => {
  const { layout } = digitGrid(
    [1, 2, 3, 4, 5].map(label => sampleDigit(label)),
    { columns: 3 },
  );
  assert.equal(layout.images!.length, 5);
  assert.deepEqual(
    layout.annotations!.map(({ text }) => text),
    ['1', '2', '3', '4', '5'],
  );
  const [first, second, , fourth] = layout.images!;
  assert.equal(first.y, second.y);
  assert.equal(first.x, fourth.x);
  assert.ok(Number(fourth.y) > Number(first.y));
  assert.ok(layout.images!.every(({ x, sizex }) => Number(x) + Number(sizex) <= layout.width!));
});

test('a wrong prediction is told by sign, text, frame and colour', () => {
  const { data, layout } = digitGrid([sampleDigit(7, 7), sampleDigit(7, 2)]);
  const [right, wrong] = layout.annotations!;
  assert.equal(right.text, '✓ 7');
  assert.equal(wrong.text, '✗ 2<br>is 7');
  assert.notEqual(right.font!.color, wrong.font!.color);
  assert.equal(layout.shapes!.length, 1);
  assert.ok(Number(layout.shapes![0].x0) > Number(layout.images![0].x) + Number(layout.images![0].sizex));
  assert.deepEqual((data[0] as PlotData).text, ['example 0: ✓ 7', 'example 1: ✗ 2, is 7']);
  assert.match(describeFigure({ data, layout }), /2 images .* 1 of them wrong/);
});

test('classes may have names', () => {
  const { layout } = digitGrid([sampleDigit(1, 0)], { classNames: ['coat', 'bag'] });
  assert.equal(layout.annotations![0].text, '✗ coat<br>is bag');
});

test('an impossible number of columns is refused', () => {
  assert.throws(() => digitGrid([sampleDigit(1)], { columns: 0 }), /Expected a positive integer/);
});

test('the rows of a digit stand below each other in the order of time', () => {
  const digit = sampleDigit(1);
  const { data, layout } = digitRows(digit);
  const [picture, ...rows] = layout.images!;
  assert.equal(decode(picture.source!).height, digit.rows * decode(rows[0].source!).height);
  assert.equal(rows.length, digit.rows);
  assert.ok(rows.every(({ x, y }, i) => x === rows[0].x && (i === 0 || Number(y) > Number(rows[i - 1].y))));
  const labels = layout.annotations!.map(({ text }) => text!);
  for (const label of ['t = 1', 't = 2', 't = 4', 't = 6', 'time']) assert.ok(labels.includes(label), label);
  const bold = layout.annotations!.filter(({ font }) => font?.weight === 'bold');
  assert.deepEqual(
    bold.map(({ text }) => text),
    ['t = 4'],
  );
  const texts = (data[0] as PlotData).text as string[];
  assert.equal(texts.length, digit.rows * digit.columns);
  assert.deepEqual([texts[1], texts[2]], ['t = 1, number 2: 0.00', 't = 1, number 3: 1.00']);
});

test('the chosen row is framed in the picture and in the sequence', () => {
  const { layout } = digitRows(sampleDigit(1), { row: 2 });
  const [picture, ...rows] = layout.images!;
  const frames = layout.shapes!.filter(
    ({ type, line }) => type === 'rect' && line!.color === colors.vermilion,
  );
  const middle = (frame: (typeof frames)[number]) => (Number(frame.y0) + Number(frame.y1)) / 2;
  const rowHeight = Number(rows[0].sizey);
  assert.equal(frames.length, 2);
  assert.ok(Math.abs(middle(frames[0]) - (Number(picture.y) + 2.5 * rowHeight)) < 1e-9);
  assert.ok(Math.abs(middle(frames[1]) - (Number(rows[2].y) + 0.5 * rowHeight)) < 1e-9);
});

test('a row that the image does not have is refused', () => {
  for (const row of [-1, 6, 1.5]) {
    assert.throws(() => digitRows(sampleDigit(1), { row }), /Expected a row of the image, 0 to 5, found/);
  }
});

test('the examples stay as they are', () => {
  const digit = deepFreeze(sampleDigit(3, 5));
  const before = [...digit.pixels];
  digitGrid(deepFreeze([digit]));
  digitRows(digit);
  assert.deepEqual([...digit.pixels], before);
});
