/** Data sets in CSV files. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readDataSets, type ReadOptions } from '../../../lib/data';
import { temporaryFolder } from '../idx_files';

const options: ReadOptions = { validationSize: 1 };

/** Lines of a label and four pixels. */
const lines = (count: number) =>
  Array.from({ length: count }, (_, i) => `${i % 2},${i},0,255,${i}`).join('\n');
const headings = 'label,pixel0,pixel1,pixel2,pixel3\n';

test('train.csv and test.csv, with headings or not, keep the order of their lines', async t => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'mnist_train.csv'), headings + lines(5));
  writeFileSync(join(folder, 'mnist_test.csv'), lines(3));
  const { train, validation, test } = await readDataSets(folder, options);
  assert.deepEqual([train.rows, train.columns, train.numClasses], [2, 2, 2]);
  assert.deepEqual(
    [[...validation.image(0)], [...train.image(0)]],
    [
      [0, 0, 255, 0],
      [1, 0, 255, 1],
    ],
  );
  assert.deepEqual(
    [[...train.labels], [...test.labels]],
    [
      [1, 0, 1, 0],
      [0, 1, 0],
    ],
  );
});

test('of a single file, a fraction of each class is for the test, the same each time', async t => {
  const path = join(temporaryFolder(t), 'train.csv');
  writeFileSync(path, headings + lines(20));
  const firstPixels = async (given: ReadOptions) => {
    const { train, validation, test } = await readDataSets(path, { ...options, ...given });
    return [train, validation, test].map(set =>
      Array.from({ length: set.numExamples }, (_, i) => set.image(i)[0]),
    );
  };
  const [train, validation, test] = await firstPixels({});
  assert.deepEqual(
    [...train, ...validation, ...test].sort((a, b) => a - b),
    [...Array(20).keys()],
  );
  assert.deepEqual([test.filter(i => i % 2 === 0).length, test.length], [2, 4]);
  assert.deepEqual(await firstPixels({ seed: 7 }), [train, validation, test]);
  assert.equal((await firstPixels({ testFraction: 0.5 }))[2].length, 10);
  for (const testFraction of [0, 1, -1, NaN]) {
    await assert.rejects(firstPixels({ testFraction }), /Expected a testFraction between 0 and 1, found/);
  }
  writeFileSync(path, lines(2));
  await assert.rejects(firstPixels({}), /Expected enough images in .*, found 2: put more there/);
});

test('the label may be in another column that is called so; numbers may be quoted or end in .0', async t => {
  const path = join(temporaryFolder(t), 'openml.csv');
  const line = '"1","2.0",3,"4",';
  writeFileSync(
    path,
    `\ufeff"pixel1","pixel2","pixel3","pixel4","class"\r\n${`${line}7\r\n`.repeat(5)}\r\n${line}6\r\n`,
  );
  const { train, test } = await readDataSets(path, { validationSize: 0 });
  assert.deepEqual([[...train.image(0)], train.numClasses], [[1, 2, 3, 4], 8]);
  assert.deepEqual([...train.labels, ...test.labels].sort(), [6, 7, 7, 7, 7, 7]);
});

test('images that are not square: by the headings, or the option rows', async t => {
  const path = join(temporaryFolder(t), 'wide.csv');
  const wide = '0,1,2,3,4,5,6\n'.repeat(5);
  writeFileSync(path, `label,1x1,1x2,1x3,2x1,2x2,2x3\n${wide}`);
  const size = async (given: ReadOptions) => {
    const { rows, columns } = (await readDataSets(path, { ...options, ...given })).train;
    return [rows, columns];
  };
  assert.deepEqual(await size({}), [2, 3]);
  assert.deepEqual(await size({ rows: 3 }), [3, 2]);
  writeFileSync(path, wide);
  assert.deepEqual(await size({ rows: 2 }), [2, 3]);
  await assert.rejects(
    size({}),
    /pixels of a square image in .*, found 7 numbers: say how high the images are/,
  );
  await assert.rejects(size({ rows: 4 }), /pixels of 4 rows in .*, found 7 numbers/);
});

test('what cannot be trained with says why', async t => {
  const folder = temporaryFolder(t);
  const refused = async (files: Record<string, string>, message: RegExp) => {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    await assert.rejects(readDataSets(folder, options), { name: 'UserError', message });
  };
  await refused(
    { 'train.csv': lines(5), 'test.csv': '1,2,3,4\n' },
    /Expected a label .* each line of .*test.csv, found 4 numbers/,
  );
  await refused(
    { 'train.csv': lines(5), 'test.csv': '0,1,2,3,4\n1,2,3\n' },
    /Expected 5 numbers in line 2 of .*test.csv, as in the first, found 3/,
  );
  await refused(
    { 'train.csv': `${lines(5)}\n0,1,2,3,256\n` },
    /integers from 0 to 255 in line 6 of .*, found "256"/,
  );
  await refused(
    { 'train.csv': `${lines(5)}\n0,1,2,3,\n` },
    /integers from 0 to 255 in line 6 of .*, found ""/,
  );
  await refused({ 'train.csv': `${lines(5)}\n0,1,2,3,1 2\n` }, /found "1 2"/);
  await refused({ 'train.csv': '0;1;2;3;4\n1;1;2;3;4\n' }, /found "1;1;2;3;4"/);
  await refused({ 'train.csv': headings }, /found no line with numbers/);
  await refused(
    { 'a.csv': lines(5), 'b.csv': lines(5) },
    /Expected train.csv and test.csv in .*, found a.csv, b.csv: rename/,
  );
  await refused(
    { 'train.csv': lines(5), 'test.csv': '0,1,2,3,4,5,6,7,8,9\n' },
    /Expected test images of 2 × 2 pixels .*, found 3 × 3/,
  );
});
