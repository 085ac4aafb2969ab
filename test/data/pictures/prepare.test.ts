/** A drawing as an image of MNIST's form, and MNIST's own images through it. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { median } from '../../../lib/base/statistics';
import { readDataSets } from '../../../lib/data';
import { inkOf } from '../../../lib/data/pictures/ink';
import { prepare, type Picture } from '../../../lib/data/pictures/prepare';
import { penStrokes } from '../../../scripts/page/pen_strokes';

const mnistSize = { rows: 28, columns: 28 };

/** Ink in a rectangle. */
function rectangle(width: number, height: number, box: [number, number, number, number]): Picture {
  const [left, top, right, bottom] = box;
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x >= left && x < right && y >= top && y < bottom ? 255 : 0;
  });
  return { pixels, width, height };
}

/** The first and last row or column with ink. */
function extent(image: Uint8Array, direction: 'across' | 'down', { columns } = mnistSize): number[] {
  const places = [...image.keys()]
    .filter(i => image[i] > 0)
    .map(i => (direction === 'across' ? i % columns : Math.floor(i / columns)));
  return [Math.min(...places), Math.max(...places)];
}

test('without ink there is no image', () => {
  assert.equal(prepare(rectangle(50, 50, [0, 0, 0, 0]), mnistSize), undefined);
});

test('the longer side has 20 pixels, the aspect stays, and the centre of mass is in the middle', () => {
  const image = prepare(rectangle(280, 280, [10, 30, 50, 230]), mnistSize)!; // 40 × 200
  assert.deepEqual(extent(image, 'down'), [4, 23]);
  assert.deepEqual(extent(image, 'across'), [12, 15]);
  assert.ok(image.every(pixel => pixel === 0 || pixel === 255));
});

test('edges that fall between two pixels are grey, and the shorter side is in the middle of the box', () => {
  const middleRow = (width: number) => {
    const image = prepare(rectangle(280, 280, [0, 0, width, 200]), mnistSize)!; // 10 pixels become one
    return [...image.subarray(10 * 28 + 11, 10 * 28 + 17)];
  };
  assert.deepEqual(middleRow(25), [0, 64, 255, 255, 64, 0]);
  assert.deepEqual(middleRow(35), [0, 191, 255, 255, 191, 0]);
});

test('a thin stroke is as bright as a thick one', () => {
  const image = prepare(rectangle(280, 280, [50, 40, 54, 240]), mnistSize)!; // 0.4 pixels wide
  assert.deepEqual([...image.subarray(10 * 28 + 12, 10 * 28 + 16)], [0, 255, 255, 0]);
});

test('it does not matter where on the paper it is, nor how large', () => {
  const place = fc.record({ x: fc.nat(80), y: fc.nat(80), scale: fc.integer({ min: 1, max: 4 }) });
  const at = ({ x, y, scale }: { x: number; y: number; scale: number }) =>
    prepare(rectangle(300, 300, [x, y, x + 20 * scale, y + 40 * scale]), mnistSize);
  const expected = at({ x: 0, y: 0, scale: 1 });
  fc.assert(
    fc.property(place, each => assert.deepEqual(at(each), expected)),
    { numRuns: 20 },
  );
});

test('whatever is drawn fits into an image of any size', () => {
  const box = fc.tuple(
    fc.nat(99),
    fc.nat(99),
    fc.integer({ min: 1, max: 100 }),
    fc.integer({ min: 1, max: 100 }),
  );
  const size = fc.record({ rows: fc.integer({ min: 1, max: 40 }), columns: fc.integer({ min: 1, max: 40 }) });
  fc.assert(
    fc.property(box, size, ([x, y, w, h], each) => {
      const image = prepare(rectangle(100, 100, [x, y, x + w, y + h]), each)!;
      assert.equal(image.length, each.rows * each.columns);
      assert.ok(image.some(pixel => pixel > 0));
    }),
  );
});

describe("MNIST's digits", () => {
  let images: Uint8Array[];
  before(async () => {
    const { test: data } = await readDataSets('data/mnist', { validationSize: 0 });
    images = Array.from({ length: 100 }, (_, i) => data.image(i));
  });

  test('come back as they were, ten times as large', () => {
    const whole = images.filter(image => {
      const visible = image.map(pixel => (pixel < 26 ? 0 : pixel)); // what is fainter than ink may go
      const [left, right] = extent(visible, 'across');
      const [top, bottom] = extent(visible, 'down');
      return (right - left) % 2 === 1 && (bottom - top) % 2 === 1; // others come to lie between pixels
    });
    assert.ok(whole.length > 40);
    const different = whole.filter(image => {
      const pixels = Uint8Array.from({ length: 280 * 280 }, (_, i) => {
        const [x, y] = [Math.floor((i % 280) / 10), Math.floor(i / 2800)];
        return image[y * 28 + x];
      });
      const found = prepare({ pixels, width: 280, height: 280 }, mnistSize)!;
      return found.some((pixel, i) => Math.abs(pixel - image[i]) > 26);
    });
    // Without what is faint the centre of mass of a few comes into another pixel.
    assert.ok(different.length <= 3, `${different.length} of ${whole.length}`);
  });

  test('are hardly different if they are drawn with a pen', () => {
    const distances = images.map(image => {
      const pixels = penStrokes(image, 28, 28, 10);
      assert.ok(pixels.every(pixel => pixel === 0 || pixel === 255));
      const found = prepare({ pixels, width: 280, height: 280 }, mnistSize)!;
      return Math.min(...[-1, 0, 1].flatMap(dx => [-28, 0, 28].map(dy => distance(found, image, dx + dy))));
    });
    assert.ok(median(distances) < 0.11, String(median(distances)));
  });
});

/** Grey levels that differ, as a fraction of those of the image; both are without ink at the edge. */
function distance(a: Uint8Array, b: Uint8Array, shift: number): number {
  const total = b.reduce((sum, pixel) => sum + pixel, 0);
  return b.reduce((sum, pixel, i) => sum + Math.abs(pixel - (a[i + shift] ?? 0)), 0) / total;
}

test('a picture is ink on paper, whichever of them is dark; a blank one is paper', () => {
  const size = { width: 5, height: 5 };
  const picture = (paper: number, ink: number) => ({
    ...size,
    data: Uint8ClampedArray.from({ length: 100 }, (_, i) =>
      i % 4 === 3 ? 255 : i >> 2 === 12 ? ink : paper,
    ),
  });
  const expected = Array.from({ length: 25 }, (_, i) => (i === 12 ? 255 : 0));
  for (const each of [picture(250, 20), picture(10, 240), picture(200, 60)]) {
    assert.deepEqual(Array.from(inkOf(each).pixels), expected);
  }
  assert.ok(Array.from(inkOf(picture(240, 250)).pixels).every(pixel => pixel === 0));
});
