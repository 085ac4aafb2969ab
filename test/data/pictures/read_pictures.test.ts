/** Pictures as a network reads them. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { readPictures } from '../../../lib/data';
import { idxBytes, temporaryFolder } from '../idx_files';

const size = { rows: 28, columns: 28 };

/** A PNG of one colour with a filled rectangle. */
function png(width: number, height: number, ground: number, ink: number, box = [0, 0, 0, 0]): Buffer {
  const picture = new PNG({ width, height });
  const [left, top, wide, high] = box;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isInk = x >= left && x < left + wide && y >= top && y < top + high;
      picture.data.fill(isInk ? ink : ground, 4 * (y * width + x), 4 * (y * width + x) + 3);
      picture.data[4 * (y * width + x) + 3] = 255;
    }
  }
  return PNG.sync.write(picture);
}

async function read(t: TestContext, name: string, bytes: string | Uint8Array, own = size) {
  const path = join(temporaryFolder(t), name);
  writeFileSync(path, bytes);
  return readPictures(path, own);
}

/** Of what is bright: where it begins and ends, and its centre. */
function extent(pixels: Uint8Array): { rows: number[]; columns: number[] } {
  const bright = [...pixels.keys()].filter(i => pixels[i] > 127);
  const rows = bright.map(i => Math.floor(i / 28));
  const columns = bright.map(i => i % 28);
  return {
    rows: [Math.min(...rows), Math.max(...rows)],
    columns: [Math.min(...columns), Math.max(...columns)],
  };
}

test('dark on light and light on dark give the same image, fitted and centred', async t => {
  const box = [20, 10, 40, 80]; // not in the middle; twice as high as it is wide
  const [dark] = await read(t, 'dark.png', png(200, 100, 255, 0, box));
  const [light] = await read(t, 'light.png', png(200, 100, 0, 255, box));
  assert.deepEqual(dark.pixels, light.pixels);
  assert.deepEqual(extent(dark.pixels), { rows: [4, 23], columns: [9, 18] });
  assert.equal(
    dark.preparation,
    '100 × 200 pixels in grey, inverted, as the ground is light, fitted to 20 × 20, centred by its mass in 28 × 28',
  );
  assert.match(light.preparation, /not inverted, as the ground is dark/);
});

test('a picture of the right size is taken as it is', async t => {
  const [{ pixels, preparation }] = await read(t, 'right.png', png(28, 28, 0, 200, [0, 0, 3, 2]));
  assert.deepEqual(extent(pixels), { rows: [0, 1], columns: [0, 2] });
  assert.equal(pixels[0], 200);
  assert.equal(preparation, '28 × 28 pixels, taken as they are');
});

test('a folder gives all PNG files in it and in its folders, in order', async t => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'more'));
  const picture = png(28, 28, 0, 9);
  for (const name of ['b.png', 'a.PNG', join('more', 'c.png'), 'notes.txt']) {
    writeFileSync(join(folder, name), picture);
  }
  const found = await readPictures(folder, size);
  assert.deepEqual(
    found.map(({ name }) => name),
    ['a.PNG', 'b.png', join('more', 'c.png')],
  );
});

const tiny = { rows: 1, columns: 2 };

test('CSV, with a label in front or not, with headings or not', async t => {
  const withLabels = await read(t, 'train.csv', 'label,pixel0,pixel1\n7,0,255\n3,1,2\n', tiny);
  assert.deepEqual(
    withLabels.map(({ label, pixels, name }) => [label, [...pixels], name]),
    [
      [7, [0, 255], 'train.csv 0'],
      [3, [1, 2], 'train.csv 1'],
    ],
  );
  const without = await read(t, 'test.csv', '"0","255"\r\n1,2\r\n\r\n', tiny);
  assert.deepEqual(
    without.map(({ label, pixels }) => [label, [...pixels]]),
    [
      [undefined, [0, 255]],
      [undefined, [1, 2]],
    ],
  );
});

test('IDX, gzipped too', async t => {
  const bytes = gzipSync(idxBytes([2, 1, 2], [1, 2, 3, 4]));
  const found = await read(t, 't10k-images-idx3-ubyte.gz', bytes, tiny);
  assert.deepEqual(
    found.map(({ pixels }) => [...pixels]),
    [
      [1, 2],
      [3, 4],
    ],
  );
});

test('what is no picture says what it is', async t => {
  const refused = async (name: string, bytes: string | Uint8Array, message: RegExp, own = size) =>
    assert.rejects(read(t, name, bytes, own), message);
  await refused('empty.png', png(50, 50, 255, 255), /Expected something drawn on .*, found one colour alone/);
  await refused('text.png', 'a letter', /Expected a PNG file at .*, found something else/);
  await refused('photo.jpg', 'a photo', /found .*photo.jpg: convert it to PNG/);
  await refused('few.csv', '1,2,3\n', /Expected lines of 784 pixels in .*, found lines of 3 numbers/);
  await refused('none.csv', '', /found no line with numbers/);
  await refused('ragged.csv', '1,2\n3\n', /Expected 2 numbers in line 2 of .*, found 1/, tiny);
  await refused(
    'bright.csv',
    '1,2\n3,256\n',
    /Expected integers from 0 to 255 in line 2 .*, found "256"/,
    tiny,
  );
  await refused('x-idx3-ubyte', idxBytes([1, 2, 2], [1, 2, 3, 4]), /found dimensions 1 × 2 × 2/, tiny);
  await assert.rejects(readPictures(join(temporaryFolder(t), 'none.png'), size), /found nothing/);
  await assert.rejects(readPictures(temporaryFolder(t), size), /Expected PNG files in .*, found none/);
});
