/** EMNIST and QMNIST, whose IDX files are not quite like MNIST's. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readDataSets } from '../../../lib/data';
import { dataDigest } from '../../../lib/data/digest';
import { describedSet, describedSets } from '../../../lib/data/formats/described_sets';
import { idxBytes, temporaryFolder, writeDataSet } from '../idx_files';

/** Two images of 2 rows and 3 columns, stored column after column. */
const stored = idxBytes([2, 3, 2], [11, 21, 12, 22, 13, 23, 0, 3, 1, 4, 2, 5]);
const upright = [11, 12, 13, 21, 22, 23, 0, 1, 2, 3, 4, 5];

function writeLetters(folder: string, labels: readonly number[]): void {
  mkdirSync(folder, { recursive: true });
  for (const set of ['train', 'test']) {
    writeFileSync(join(folder, `emnist-letters-${set}-images-idx3-ubyte.gz`), gzipSync(stored));
    writeFileSync(join(folder, `emnist-letters-${set}-labels-idx1-ubyte`), idxBytes([2], labels));
  }
}

test("EMNIST's letters: upright, counted from 0, called by their names", async t => {
  const folder = join(temporaryFolder(t), 'emnist-letters');
  writeLetters(folder, [1, 26]);
  const { train, test } = await readDataSets(folder, { validationSize: 0 });
  assert.deepEqual([...train.images], upright);
  assert.deepEqual([train.rows, train.columns, train.numClasses], [2, 3, 26]);
  assert.deepEqual(
    [...test.labels].map(label => test.classNames?.[label]),
    ['A', 'Z'],
  );
  assert.match(dataDigest({ train, test }).train.images, /^[0-9a-f]{64}$/);
  for (const wrong of [0, 27]) {
    writeLetters(folder, [1, wrong]);
    await assert.rejects(
      readDataSets(folder),
      new RegExp(`labels from 1 to 26 in .*, found ${wrong} at index 1`),
    );
  }
});

test('the files may all lie in emnist, or as they come out of gzip.zip', async t => {
  const folder = temporaryFolder(t);
  const letters = join(folder, 'emnist-letters');
  await assert.rejects(
    readDataSets(letters),
    /Expected emnist-letters-train-images-idx3-ubyte or .*\.gz of EMNIST letters in .*it is to be had from gzip\.zip from https/,
  );
  writeLetters(join(folder, 'emnist', 'gzip'), [1, 2]);
  assert.equal((await readDataSets(letters, { validationSize: 0 })).train.numExamples, 2);
  await assert.rejects(
    readDataSets(join(folder, 'emnist', 'gzip', '..')),
    /; say which: emnist-balanced, emnist-byclass/,
  );
});

test('each split has as many classes as its authors say', () => {
  const counts = describedSets.map(name => [name, new Set(describedSet(`data/${name}/`)?.classNames).size]);
  assert.deepEqual(Object.fromEntries(counts), {
    'emnist-balanced': 47,
    'emnist-byclass': 62,
    'emnist-bymerge': 47,
    'emnist-digits': 10,
    'emnist-letters': 26,
    'emnist-mnist': 10,
    qmnist: 10,
  });
  assert.equal(describedSet('data/emnist'), undefined);
});

/** Lines of eight 32-bit integers: the class, and what else is known of a digit. */
function labelLines(classes: readonly number[], { columns = 8, type = 0x0c } = {}): Buffer {
  const bytes = Buffer.alloc(12 + 4 * columns * classes.length);
  bytes.set([0, 0, type, 2]);
  bytes.writeUInt32BE(classes.length, 4);
  bytes.writeUInt32BE(columns, 8);
  classes.forEach((label, i) => {
    for (let j = 0; j < columns; j++)
      bytes.writeInt32BE(j === 0 ? label : 1000 + j, 12 + 4 * (columns * i + j));
  });
  return bytes;
}

test("QMNIST's labels are the first of the numbers in a line", async t => {
  const folder = join(temporaryFolder(t), 'qmnist');
  mkdirSync(folder);
  const write = (labels: Uint8Array) => {
    for (const set of ['train', 'test']) {
      writeFileSync(join(folder, `qmnist-${set}-images-idx3-ubyte`), idxBytes([3, 1, 2], [1, 2, 3, 4, 5, 6]));
      writeFileSync(join(folder, `qmnist-${set}-labels-idx2-int.gz`), gzipSync(labels));
    }
  };
  write(labelLines([5, 0, 9]));
  const { train } = await readDataSets(folder, { validationSize: 0 });
  assert.deepEqual(
    [[...train.labels], [...train.images], train.numClasses],
    [[5, 0, 9], [1, 2, 3, 4, 5, 6], 10],
  );
  const refused: [Uint8Array, RegExp][] = [
    [
      labelLines([5, 0, 9], { columns: 7 }),
      /Expected lines of 8 32-bit integers in .*labels-idx2-int.gz, found another/,
    ],
    [labelLines([5, 0, 9], { type: 0x0d }), /Expected lines of 8 32-bit integers/],
    [idxBytes([3], [5, 0, 9]), /Expected lines of 8 32-bit integers/],
    [labelLines([5, 0]), /Expected 3 labels in .*, found 2/],
    [labelLines([5, 0, 10]), /Expected labels from 0 to 9 in .*, found 10 at index 2/],
    [labelLines([5, 0, -1]), /Expected 32-bit integers from 0 to 255 in .*, found -1/],
    [labelLines([5, 0, 9]).subarray(0, 100), /Expected 108 bytes in .*, found 100/],
  ];
  for (const [labels, message] of refused) {
    write(labels);
    await assert.rejects(readDataSets(folder), { name: 'UserError', message });
  }
});

test("other folders keep MNIST's names and columns", async t => {
  const folder = join(temporaryFolder(t), 'my-letters');
  writeDataSet(folder);
  const { train } = await readDataSets(folder, { validationSize: 0 });
  assert.deepEqual([...train.image(0)], [0, 1, 2, 3, 4, 5]);
});
