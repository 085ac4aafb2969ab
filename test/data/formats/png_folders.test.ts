/** Data sets in PNG files, in folders by class. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateSync, crc32 } from 'node:zlib';
import { PNG } from 'pngjs';
import { readDataSets } from '../../../lib/data';
import { dataDigest } from '../../../lib/data/digest';
import { temporaryFolder } from '../idx_files';

/** All of one grey. */
function png(grey: number, width = 3, height = 2): Buffer {
  const picture = new PNG({ width, height });
  for (let i = 0; i < width * height; i++) picture.data.set([grey, grey, grey, 255], 4 * i);
  return PNG.sync.write(picture);
}

function write(folder: string, files: Record<string, Uint8Array | string>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

/** Ten pictures of a class, each of its own grey. */
const tenOf = (folder: string, grey: number) =>
  Object.fromEntries(Array.from({ length: 10 }, (_, i) => [join(folder, `${i}.png`), png(grey + i)]));

test('train and test, classes in the order of people, the validation set out of all classes', async t => {
  const folder = temporaryFolder(t);
  const train = { ...tenOf('train/2', 20), ...tenOf('train/10', 100), ...tenOf('train/owl', 200) };
  const extra = { 'train/10/.DS_Store': 'hidden', 'train/10/._1.png': 'hidden', 'train/10/notes.txt': '' };
  write(folder, { ...train, ...extra, 'test/10/a.PNG': png(7), 'test/2/b.png': png(8) });
  const sets = await readDataSets(folder, { validationSize: 10 });
  const { classNames, rows, columns, labels } = sets.train;
  assert.deepEqual([classNames, rows, columns], [['2', '10', 'owl'], 2, 3]);
  assert.deepEqual([[...sets.test.labels], sets.test.image(0)[0], sets.test.image(1)[5]], [[0, 1], 8, 7]);
  assert.deepEqual(new Set(sets.validation.labels), new Set([0, 1, 2]));
  const greys = [...labels.keys()].map(i => sets.train.image(i)[0]);
  assert.deepEqual(
    greys.map(grey => (grey < 100 ? 0 : grey < 200 ? 1 : 2)),
    [...labels],
  );
  assert.equal(new Set([...greys, ...sets.validation.images]).size, 30);
  const again = await readDataSets(folder, { validationSize: 10, seed: 3 });
  assert.deepEqual(dataDigest(again), dataDigest(sets));
});

test('classes alone: a fraction of each is for the test', async t => {
  const folder = temporaryFolder(t);
  write(folder, { ...tenOf('cat', 0), ...tenOf('dog', 100) });
  symlinkSync(join(folder, 'cat'), join(folder, 'lion'));
  const { train, test } = await readDataSets(folder, { validationSize: 4 });
  assert.deepEqual(
    [train.classNames, train.numExamples, [...test.labels].sort()],
    [['cat', 'dog', 'lion'], 20, [0, 0, 1, 1, 2, 2]],
  );
});

test('colours become grey, and what is transparent white', async t => {
  const folder = temporaryFolder(t);
  const picture = new PNG({ width: 3, height: 1 });
  picture.data.set([255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255, 255]);
  write(folder, { 'train/a/1.png': PNG.sync.write(picture), 'test/a/1.png': PNG.sync.write(picture) });
  assert.deepEqual([...(await readDataSets(folder, { validationSize: 0 })).train.images], [76, 255, 29]);
});

test('what is no such data set says why', async t => {
  const folder = join(temporaryFolder(t), 'signs');
  const refused = async (files: Record<string, Uint8Array | string>, message: RegExp) => {
    write(folder, files);
    await assert.rejects(readDataSets(folder, { validationSize: 0 }), { name: 'UserError', message });
  };
  const cats = tenOf('cat', 0);
  await refused(
    { ...cats, 'cat/x.png': png(1, 4, 4) },
    /Expected 2 × 3 pixels in .*x.png, as in .*0.png, found 4 × 4: scale/,
  );
  await refused({ ...cats, 'dog/x.jpg': '' }, /Expected PNG files in .*dog, found x.jpg: convert it to PNG/);
  await refused({ ...cats, 'cat/x.jpeg': '' }, /found x.jpeg: convert it to PNG/);
  await refused({ ...cats, 'dog/x.txt': '' }, /Expected PNG files in .*dog, found none/);
  await refused({ ...cats, 'cat/x.png': 'a cat' }, /Expected a PNG file at .*x.png, found something else/);
  await refused(
    { 'train/a.png': png(1), 'test/a.png': png(1) },
    /Expected 1 to 256 folders in .*train, one for each class, found 0/,
  );
  await refused(
    { 'train/a/1.png': png(1), 'test/b/1.png': png(1) },
    /Expected the classes a in .*test, .* found b: give/,
  );
  await refused(
    { 'train/a/1.png': png(1), 'test/a/1.png': png(1, 1, 1) },
    /Expected test images of 2 × 3 pixels/,
  );
  await refused(
    { 'notes/1.txt': '' },
    /Expected one of train-images-idx3-ubyte, .*; PNG files in folders by class, CSV files/,
  );
});

/** A picture whose header and data do not fit together. */
function forged(width: number, height: number, data: Buffer, interlaced = 0): Buffer {
  const chunk = (name: string, content: Buffer) => {
    const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(name), content, Buffer.alloc(4)]);
    bytes.writeUInt32BE(content.length);
    bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
    return bytes;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, interlaced], 8);
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(data)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

test('pictures that are much larger than they should be take no memory', async t => {
  const folder = temporaryFolder(t);
  const refused = async (bytes: Buffer, message: RegExp) => {
    write(folder, { 'train/a/1.png': bytes });
    const before = process.memoryUsage().arrayBuffers;
    await assert.rejects(readDataSets(folder), { name: 'UserError', message });
    assert.ok(process.memoryUsage().arrayBuffers - before < 20_000_000);
  };
  const zeros = Buffer.alloc(100_000_000);
  await refused(
    forged(60_000, 60_000, Buffer.alloc(9)),
    /at most 67108864 pixels at .*, found 60000 × 60000: scale it/,
  );
  await refused(forged(4, 4, zeros, 1), /found something else \(Cannot create a Buffer larger than/);
});
