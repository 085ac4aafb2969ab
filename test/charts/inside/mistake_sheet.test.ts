import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PlotData } from 'plotly.js';
import { mistakeSheet, type MistakesRecord } from '../../../lib/charts';
import { figureToSvg } from '../../../lib/display/picture';
import { deepFreeze, sampleDigit } from '../samples';

const mistake = {
  index: 5,
  label: 1,
  prediction: 0,
  probabilities: Float32Array.of(0.75, 0.25),
  turnedAt: 3,
};
const record: MistakesRecord = {
  numExamples: 100,
  numMistakes: 7,
  mistakes: [
    { ...mistake, repair: { rows: [2], search: 'exact' } },
    { ...mistake, index: 8, probabilities: Float32Array.of(0.9995, 0.0005), repair: { rows: [0, 2, 3, 5], search: 'greedy' } }, // prettier-ignore
    { ...mistake, index: 9 },
  ],
  confusedPairs: [
    { label: 1, prediction: 0, count: 6 },
    { label: 0, prediction: 1, count: 1 },
  ],
};
const asked: number[] = [];
const data = {
  example(index: number) {
    asked.push(index);
    return sampleDigit(1);
  },
};
const textsOf = (figure: ReturnType<typeof mistakeSheet>) =>
  figure.layout.annotations!.map(({ text }) => text!);

describe('a sheet of mistakes', () => {
  test('tells of each what it was taken for, since when, and which rows repair it', () => {
    asked.length = 0;
    const figure = mistakeSheet(record, data);
    assert.deepEqual(asked, [5, 8, 9]);
    const texts = textsOf(figure);
    assert.ok(texts.includes('the worst of 7 mistakes'));
    assert.ok(texts.includes('✗ 0, 75 %<br>is 1, 25 %<br>settled at step 4<br>row 3 repairs it'));
    assert.ok(texts.includes('✗ 0, 100 %<br>is 1, 0.05 %<br>settled at step 4<br>4 rows repair it'));
    assert.ok(texts.includes('✗ 0, 75 %<br>is 1, 25 %<br>settled at step 4<br>no rows repair it'));
    assert.deepEqual((figure.data[0] as PlotData).text, [
      'image 5, a 1 (25 %), taken for 0 (75 %) from step 4 on; repaired by row 3',
      'image 8, a 1 (0.05 %), taken for 0 (100 %) from step 4 on; repaired by rows 1, 3, 4, 6',
      'image 9, a 1 (25 %), taken for 0 (75 %) from step 4 on; no rows repair it',
    ]);
  });

  test('marks the rows beside the image, and draws a bar for each pair', () => {
    const { shapes, images } = mistakeSheet(record, data).layout;
    const { y, sizey } = images![0] as { y: number; sizey: number };
    assert.deepEqual([shapes![0].y0, shapes![0].y1], [y + (2 / 6) * sizey, y + (3 / 6) * sizey]); // the image has 6 rows
    const lengths = shapes!.slice(-2).map(({ x0, x1 }) => Number(x1) - Number(x0));
    assert.ok(Math.abs(lengths[0] / lengths[1] - 6) < 1e-9);
    assert.equal(shapes!.length, 1 + 4 + 2);
  });

  test('shows as many as asked for', () => {
    assert.equal(mistakeSheet(record, data, { count: 1 }).layout.images!.length, 1);
    assert.throws(() => mistakeSheet(record, data, { count: 0 }), /UserError: Expected a positive integer/);
    const none = { ...record, numMistakes: 0, mistakes: [], confusedPairs: [] };
    assert.equal(
      mistakeSheet(none, data).layout.meta!.description,
      'The worst 0 of 0 mistakes in 100 images',
    );
  });

  test('is plain JSON, leaves its input alone, and escapes names', () => {
    const classNames = ['<img src=x onerror=y>', '$z$'];
    const figure = mistakeSheet(deepFreeze(record), data, { classNames });
    assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
    const { data: traces, layout } = figure;
    assert.doesNotMatch(JSON.stringify([traces, { ...layout, meta: 0 }]), /<img|\$z\$/);
  });

  test('has a picture without a browser, and a sentence', async () => {
    const svg = await figureToSvg(mistakeSheet(record, data));
    assert.match(
      svg,
      /The worst 3 of 7 mistakes in 100 images: 1 taken for 0, .* Confused most: 1 with 0, 6 times/,
    );
    assert.equal(svg.match(/<image/g)!.length, 3);
    assert.doesNotMatch(svg, /NaN/);
  });
});
