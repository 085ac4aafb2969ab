/** What users' pictures have besides a digit, and what is said of it. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { PNG } from 'pngjs';
import { readPictures, type ReadPicture } from '../../../lib/data';
import { temporaryFolder } from '../idx_files';

const size = { rows: 28, columns: 28 };
type Box = readonly [left: number, top: number, width: number, height: number];

interface Scene {
  readonly width?: number;
  readonly height?: number;
  /** Of the ground, 0..255, by the place in the picture. */
  readonly ground?: (x: number, y: number) => number;
  readonly ink?: number;
  readonly boxes: readonly Box[];
}

function png({ width = 200, height = 100, ground = () => 255, ink = 0, boxes }: Scene): Buffer {
  const picture = new PNG({ width, height });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = boxes.some(([left, top, w, h]) => x >= left && x < left + w && y >= top && y < top + h);
      const grey = inside ? ink : ground(x, y);
      picture.data.set([grey, grey, grey, 255], 4 * (y * width + x));
    }
  }
  return PNG.sync.write(picture);
}

async function read(t: TestContext, scene: Scene): Promise<ReadPicture> {
  const path = join(temporaryFolder(t), 'picture.png');
  writeFileSync(path, png(scene));
  return (await readPictures(path, size))[0];
}

const digit: Box = [80, 20, 20, 60];

test('a digit alone gives no warning, nor one of two strokes', async t => {
  assert.deepEqual((await read(t, { boxes: [digit] })).warnings, []);
  const five: Box[] = [
    [80, 10, 40, 8],
    [85, 24, 20, 60],
  ];
  assert.deepEqual((await read(t, { boxes: five })).warnings, []);
});

test('what is suspicious is said', async t => {
  const warned = async (scene: Scene, message: RegExp) => {
    const { warnings } = await read(t, scene);
    assert.equal(warnings.length, 1, warnings.join('\n'));
    assert.match(warnings[0], message);
  };
  await warned({ boxes: [digit, [10, 20, 20, 60]] }, /^2 objects beside each other are read as one/);
  await warned(
    {
      boxes: [
        [80, 5, 30, 40],
        [80, 55, 30, 40],
      ],
    },
    /^2 objects below each other/,
  );
  await warned({ boxes: [[90, 50, 3, 2]] }, /^hardly anything is drawn: 2 × 3 of 100 × 200 pixels/);
  await warned({ boxes: [digit, [0, 90, 200, 2]] }, /^ink from edge to edge/);
  const framed = (x: number, y: number) => (x < 3 || y < 3 || x > 196 || y > 96 ? 0 : 255);
  await warned(
    { boxes: [digit], ground: framed },
    /^\d\d % of the picture is taken for ink: .* cut off a frame/,
  );
  await warned({ width: 28, height: 28, boxes: [[9, 4, 5, 20]] }, /^the edge is light: networks are/);
  const dark = { width: 28, height: 28, ground: () => 0, ink: 255 };
  assert.deepEqual((await read(t, { ...dark, boxes: [[9, 4, 5, 20]] })).warnings, []);
});

test('uneven light and the lines of the paper are not drawn', async t => {
  const { pixels } = await read(t, { boxes: [digit] });
  const uneven = (x: number) => 250 - x / 4;
  const lined = (_: number, y: number) => (y % 20 === 0 ? 180 : 250);
  for (const ground of [uneven, lined]) {
    const found = await read(t, { boxes: [digit], ground });
    assert.deepEqual(found.warnings, []);
    const difference = found.pixels.reduce((most, each, i) => Math.max(most, Math.abs(each - pixels[i])), 0);
    assert.ok(difference <= 64, `${difference}`);
  }
});

test('ink on a transparent ground, black or white', async t => {
  const folder = temporaryFolder(t);
  for (const grey of [0, 255]) {
    const picture = new PNG({ width: 60, height: 60 });
    for (let y = 10; y < 50; y++) for (let x = 25; x < 35; x++) picture.data.fill(255, 4 * (60 * y + x) + 3);
    for (let i = 0; i < picture.data.length; i++) if (i % 4 < 3) picture.data[i] = grey;
    writeFileSync(join(folder, `${grey}.png`), PNG.sync.write(picture));
  }
  const [black, white] = await readPictures(folder, size);
  assert.deepEqual(black.pixels, white.pixels);
  assert.ok(black.pixels.includes(255));
});

test('the other pictures of a folder are read where one cannot be', async t => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'more'));
  writeFileSync(join(folder, 'a.png'), png({ boxes: [] }));
  writeFileSync(join(folder, 'b.png'), 'no picture');
  writeFileSync(join(folder, 'more', 'c.png'), png({ boxes: [digit] }));
  const problems: string[] = [];
  const found = await readPictures(folder, size, { onProblem: ({ message }) => problems.push(message) });
  assert.deepEqual(
    found.map(({ name }) => name),
    [join('more', 'c.png')],
  );
  assert.match(problems.join('\n'), /something drawn on .*a\.png.*\n.*PNG file at .*b\.png/);
  await assert.rejects(readPictures(folder, size), /Expected something drawn on/);
});
