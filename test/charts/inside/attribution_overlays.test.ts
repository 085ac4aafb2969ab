import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PNG } from 'pngjs';
import type { PlotData } from 'plotly.js';
import { attributionOverlays, type AttributionRecord } from '../../../lib/charts';
import { channels, colors } from '../../../lib/charts/parts/theme';
import { figureToSvg } from '../../../lib/display/picture';
import { deepFreeze, sampleDigit } from '../samples';

/** Of an image of 6 × 5 pixels: one value in each row, in its first column. */
function record(method: string, rows: readonly number[], target = 3): AttributionRecord {
  const values = Float32Array.from({ length: 30 }, (_, i) => (i % 5 === 0 ? rows[i / 5] : 0));
  return { method, image: sampleDigit(4), target, values, rows };
}

const gradients = record('gradientTimesInput', [0, 1, 2, -1, 0, 0]);
const integrated = record('integratedGradients', [0, 2, 4, -2, 0, 0]);
const occluded = record('occlusion', [0, 0, 0, 3, 0, 1]);

const textsOf = ({ layout }: ReturnType<typeof attributionOverlays>) =>
  layout.annotations!.map(({ text }) => text!).join('\n');

/** Red, green, blue and opacity in the middle of a pixel of the image. */
function colorAt(source: string, column: number, row: number): number[] {
  const png = PNG.sync.read(Buffer.from(source.split(',')[1], 'base64'));
  const start = ((row * 8 + 4) * png.width + column * 8 + 4) * 4;
  return [...png.data.subarray(start, start + 4)];
}

describe('attribution overlays', () => {
  test('share one colour scale: vermilion for the class, blue against it', () => {
    const { layout } = attributionOverlays([gradients, integrated]);
    const [, first, second] = layout.images!.map(({ source }) => source!);
    assert.deepEqual(colorAt(second, 0, 2), [...channels(colors.vermilion), 255]); // the largest of all: 4
    const half = Math.round(255 * Math.SQRT1_2);
    assert.deepEqual(colorAt(first, 0, 2), [...channels(colors.vermilion), half]);
    assert.deepEqual(colorAt(second, 0, 3), [...channels(colors.blue), half]);
    assert.equal(colorAt(first, 1, 1)[3], 0); // black and without a value: the page shines through
    assert.ok(colorAt(first, 2, 1)[3] > 50); // the stroke, in grey
    assert.match(textsOf(attributionOverlays([gradients, integrated])), /−4\.0\n0\n\+4\.0/);
  });

  test('say how far the methods agree', () => {
    assert.match(
      textsOf(attributionOverlays([gradients, integrated])),
      /and here they agree.*gradients: 1\.00/,
    );
    const text = textsOf(attributionOverlays([gradients, integrated, occluded]));
    assert.match(text, /and here they disagree.*integrated gradients, occlusion: −0\.\d\d$/);
    assert.doesNotMatch(textsOf(attributionOverlays([gradients])), /agree/);
    const nothing = record('occlusion', [0, 0, 0, 0, 0, 0]);
    assert.match(textsOf(attributionOverlays([gradients, nothing])), /gradient × input, occlusion: –/);
  });

  test('are plain JSON with a point for each row, and leave their input alone', () => {
    const figure = attributionOverlays(deepFreeze([gradients, occluded]));
    assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
    const { text } = figure.data[0] as PlotData;
    assert.equal(text.length, 12);
    assert.equal(text[3], 'gradient × input, row 4: −1.000');
  });

  test('escape names', () => {
    const hostile = '<img src=x onerror=y>';
    const classNames = [0, 1, 2, 3, 4].map(() => hostile);
    const figure = attributionOverlays([record(hostile, [0, 0, 0, 0, 0, 1]), gradients], { classNames });
    assert.ok(!JSON.stringify({ ...figure.layout, meta: 0 }).includes('<img'));
    assert.ok(!JSON.stringify(figure.data).includes('<img'));
  });

  test('have a picture without a browser, and a sentence', async () => {
    const svg = await figureToSvg(attributionOverlays([gradients, integrated, occluded]));
    assert.match(svg, /What speaks for the class 3 in an image; most of all, by gradient × input row 3,/);
    assert.equal(svg.match(/<image/g)!.length, 5); // the digit, three overlays, the scale
    assert.doesNotMatch(svg, /NaN/);
  });

  test('are of one image and class', () => {
    assert.throws(() => attributionOverlays([]), /UserError: Expected 1 to 3 attributions, found 0/);
    assert.throws(
      () => attributionOverlays([gradients, record('occlusion', [0, 0, 0, 0, 0, 1], 4)]),
      /UserError: .* found occlusion of class 4 beside class 3/,
    );
    const other = { ...occluded, image: { ...occluded.image, pixels: new Uint8Array(30) } };
    assert.throws(() => attributionOverlays([gradients, other]), /found occlusion of another image/);
  });
});
