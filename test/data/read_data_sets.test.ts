import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readDataSets, type ReadOptions } from '../../lib/data';
import { UserError } from '../../lib/base/errors';
import { asOrdinaryUser, examples, idxBytes, temporaryFolder, writeDataSet } from './idx_files';

const options: ReadOptions = { validationSize: 5 };

/** Reading must fail with a UserError whose message has all these parts. */
async function refuses(folder: string, parts: string[], readOptions = options): Promise<void> {
  await assert.rejects(readDataSets(folder, readOptions), (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    for (const part of parts)
      assert.ok(error.message.includes(part), `"${part}" is not in: ${error.message}`);
    return true;
  });
}

test('the first training images become the validation set, the rest the training set', async t => {
  const folder = temporaryFolder(t);
  writeDataSet(folder);
  const { train, validation, test } = await readDataSets(folder, options);
  assert.deepEqual([train.numExamples, validation.numExamples, test.numExamples], [15, 5, 8]);
  assert.deepEqual([train.rows, train.columns, train.numClasses, train.oneHot], [2, 3, 4, false]);
  assert.deepEqual([...validation.image(0)], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...train.image(0)], [30, 31, 32, 33, 34, 35]);
  assert.deepEqual(
    [...train.labels],
    Array.from({ length: 15 }, (_, i) => (i + 5) % 4),
  );
  assert.deepEqual([...test.labels], [0, 1, 2, 3, 0, 1, 2, 3]);
});

test('options: one-hot labels, no validation set, names of the classes', async t => {
  const folder = temporaryFolder(t);
  writeDataSet(folder);
  const classNames = ['a', 'b', 'c', 'd', 'e'];
  const { train, validation } = await readDataSets(folder, { oneHot: true, validationSize: 0, classNames });
  assert.deepEqual([train.numExamples, validation.numExamples, train.numClasses], [20, 0, 5]);
  assert.equal(train.nextBatch(4).labels.length, 4 * 5);
  assert.equal(train.classNames, classNames);
});

test('the seed decides the order of each set, and each has its own', async t => {
  const folder = temporaryFolder(t);
  writeDataSet(folder, {
    't10k-images-idx3-ubyte': examples(10).images,
    't10k-labels-idx1-ubyte': examples(10).labels,
  });
  const orders = async (seed: number) => {
    const { train, validation, test } = await readDataSets(folder, { validationSize: 10, seed });
    return [train, validation, test].map(data => data.nextBatch(10).indices.join());
  };
  const first = await orders(1);
  assert.deepEqual(await orders(1), first);
  assert.equal(new Set([...first, ...(await orders(2))]).size, 6);
});

test('files may be gzipped, have a dot in their name, or begin with test-', async t => {
  const folder = temporaryFolder(t);
  writeDataSet(folder);
  const move = (from: string, to: string, change = (bytes: Buffer) => bytes) => {
    writeFileSync(join(folder, to), change(readFileSync(join(folder, from))));
    rmSync(join(folder, from));
  };
  move('train-images-idx3-ubyte', 'train-images.idx3-ubyte.gz', gzipSync);
  move('train-labels-idx1-ubyte', 'train-labels-idx1-ubyte.gz', gzipSync);
  move('t10k-images-idx3-ubyte', 'test-images-idx3-ubyte');
  move('t10k-labels-idx1-ubyte', 'test-labels.idx1-ubyte');
  const { train, test } = await readDataSets(folder, options);
  assert.deepEqual([...train.image(0)], [30, 31, 32, 33, 34, 35]);
  assert.equal(test.numExamples, 8);
});

test('a folder that does not exist, and one without some file', async t => {
  const folder = temporaryFolder(t);
  const absent = join(folder, 'absent');
  await refuses(absent, [
    'Expected one of train-images-idx3-ubyte, ',
    absent,
    'found no such folder',
    'mnist',
  ]);
  await refuses(join(folder, 'fashon-mnist'), ['; did you mean fashion-mnist?']);
  writeDataSet(join(folder, 'letters'));
  await refuses(join(folder, 'leters'), ['; did you mean letters?']);
  writeDataSet(folder, { 't10k-labels-idx1-ubyte': undefined });
  await refuses(folder, [
    'Expected one of t10k-labels-idx1-ubyte, t10k-labels-idx1-ubyte.gz, test-labels',
    'found letters, t10k-images-idx3-ubyte, train-images-idx3-ubyte, train-labels-idx1-ubyte: put the file there',
  ]);
});

test('damaged files', async t => {
  const folder = temporaryFolder(t);
  const { images, labels } = examples(20);
  const damaged = async (name: string, bytes: Uint8Array, parts: string[]) => {
    writeDataSet(folder, { [name]: bytes });
    await refuses(folder, [join(folder, name), ...parts]);
  };
  await damaged('train-images-idx3-ubyte', images.subarray(0, 100), [
    'Expected 136 ',
    'found 100',
    'cut short',
  ]);
  await damaged('train-labels-idx1-ubyte', Buffer.concat([labels, labels]), [
    'Expected 28 ',
    'found 56',
    'too long',
  ]);
  await damaged('t10k-images-idx3-ubyte', Buffer.from('<html>'), ['magic number', 'found 0x3c68746d']);
  await damaged('t10k-labels-idx1-ubyte', Buffer.of(), ['Expected at least 4 bytes', 'found 0']);
  await damaged('train-labels-idx1-ubyte', images, [
    'Expected 1 dimensions (labels)',
    'found 3 (20 × 2 × 3)',
  ]);
  await damaged('train-images-idx3-ubyte', labels, [
    'Expected 3 dimensions (images, rows, columns)',
    'found 1 (20)',
  ]);
});

test('gzip that breaks off or is damaged', async t => {
  const folder = temporaryFolder(t);
  const packed = gzipSync(examples(20).images);
  const flipped = Buffer.from(packed);
  flipped[packed.length - 8] ^= 1; // its checksum
  const cases: [Uint8Array, string][] = [
    [packed.subarray(0, packed.length - 10), 'gzip data that breaks off'],
    [flipped, 'damaged gzip data'],
    [Buffer.from('no gzip at all'), 'damaged gzip data'],
  ];
  for (const [bytes, finding] of cases) {
    writeDataSet(folder, { 'train-images-idx3-ubyte': undefined, 'train-images-idx3-ubyte.gz': bytes });
    rmSync(join(folder, 'train-images-idx3-ubyte'), { force: true });
    await refuses(folder, ['train-images-idx3-ubyte.gz', finding, 'put a whole copy of the file there']);
  }
});

test('files that do not belong together', async t => {
  const folder = temporaryFolder(t);
  const with19 = { 'train-labels-idx1-ubyte': examples(19).labels };
  writeDataSet(folder, with19);
  await refuses(folder, [
    'Expected 20 labels in',
    'train-labels-idx1-ubyte',
    'found 19: put two files there',
  ]);
  writeDataSet(folder, { 't10k-images-idx3-ubyte': examples(8, 3, 2).images });
  await refuses(folder, ['Expected test images of 2 × 3 pixels in', 't10k-images-idx3-ubyte', 'found 3 × 2']);
});

test('labels out of range', async t => {
  const folder = temporaryFolder(t);
  writeDataSet(folder, { 't10k-labels-idx1-ubyte': idxBytes([8], [0, 1, 2, 3, 0, 9, 2, 3]) });
  await refuses(
    folder,
    [
      'Expected labels from 0 to 3 in',
      't10k-labels-idx1-ubyte',
      'found 9 at index 5: the labels are damaged',
    ],
    { ...options, classNames: ['a', 'b', 'c', 'd'] },
  );
  assert.equal((await readDataSets(folder, options)).train.numClasses, 10);
});

test('a validationSize that cannot be', async t => {
  const folder = temporaryFolder(t);
  writeDataSet(folder);
  for (const validationSize of [-1, 20, 2.5, NaN]) {
    await refuses(
      folder,
      ['Expected a validationSize from 0 to 19', `found ${validationSize}`, 'such as 2'],
      { validationSize },
    );
  }
  await refuses(folder, ['Expected a validationSize from 0 to 19', 'found 5000'], {});
});

test('a file where a folder must be, and a folder where a file must be', async t => {
  const folder = temporaryFolder(t);
  writeDataSet(folder, { 'train-images-idx3-ubyte': undefined });
  await refuses(join(folder, 'train-labels-idx1-ubyte'), [
    'found the file ',
    'of an IDX file, that of its folder',
  ]);
  mkdirSync(join(folder, 'train-images-idx3-ubyte'));
  await refuses(folder, ['train-images-idx3-ubyte', 'found a folder: put the file itself there']);
});

test('a folder and a file without read permission', { skip: process.platform === 'win32' }, async t => {
  const folder = temporaryFolder(t);
  const locked = join(folder, 'locked');
  writeDataSet(locked);
  chmodSync(folder, 0o755);
  chmodSync(locked, 0);
  await asOrdinaryUser(() => refuses(locked, ['Expected to read', 'locked, found no permission: allow it']));
  chmodSync(locked, 0o755);
  const file = join(locked, 'train-images-idx3-ubyte');
  chmodSync(file, 0);
  await asOrdinaryUser(() => refuses(locked, [`Expected to read ${file}, found no permission`]));
});

test('a file of MNIST with other content than everybody has', async t => {
  const folder = join(temporaryFolder(t), 'mnist');
  writeDataSet(folder);
  const path = join(folder, 'train-images-idx3-ubyte');
  await refuses(folder, [
    `Expected MNIST's train-images-idx3-ubyte (SHA-256 ba891046`,
    `in ${path}, found SHA-256 `,
    'delete the file',
  ]);
  renameSync(folder, `${folder}-of-mine`);
  assert.equal((await readDataSets(`${folder}-of-mine`, options)).train.numExamples, 15);
});

test('the same of Fashion-MNIST', async t => {
  const folder = join(temporaryFolder(t), 'fashion-mnist');
  writeDataSet(folder);
  await refuses(folder, [
    `Expected Fashion-MNIST's train-images-idx3-ubyte (SHA-256 c59f468a`,
    'files of your own go into a folder with another name',
  ]);
});
