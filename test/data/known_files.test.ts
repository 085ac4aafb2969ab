import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { sha256Of } from '../../lib/base/files/checksum';
import { knownDataSet, knownDataSets, type KnownDataSet } from '../../lib/data/known_data_sets';
import { fetchKnownFile, readKnownFile } from '../../lib/data/known_files';
import { UserError } from '../../lib/base/errors';
import { examples, temporaryFolder } from './idx_files';
import { startServer, whole } from './test_server';

const { images } = examples(30);
const wrong = examples(31).images;
const name = 'train-images-idx3-ubyte';

function makeKnown(folders: string[], mirrors: string[]): KnownDataSet {
  const file = { bytes: images.length, sha256: sha256Of(images) };
  const files = { 'train-images': file, 'train-labels': file, 'test-images': file, 'test-labels': file };
  return { title: 'Test', classNames: [], files, folders, mirrors };
}

test('the sources in order: the folder itself, a package, the web', async t => {
  const [own, packages] = [temporaryFolder(t), temporaryFolder(t)];
  const server = await startServer(t, whole(gzipSync(images)));
  const known = makeKnown([packages], [server.url]);
  const path = join(own, name);
  const source = async () => (await fetchKnownFile(known, 'train-images', own)).source;

  assert.equal(await source(), `${server.url}${name}.gz`);
  assert.equal(await source(), path);
  writeFileSync(join(packages, `${name}.gz`), gzipSync(images));
  assert.equal(await source(), path);
  assert.deepEqual(readdirSync(own), [name]);
  const empty = temporaryFolder(t);
  assert.deepEqual(await fetchKnownFile(known, 'train-images', empty), {
    path: join(empty, name),
    source: join(packages, `${name}.gz`),
  });
  assert.ok(Buffer.from(images).equals(readFileSync(join(empty, name))));
  assert.equal(server.requests.length, 1);
});

test("a gzipped file in the folder is checked and unpacked under MNIST's name", async t => {
  const own = temporaryFolder(t);
  writeFileSync(join(own, 'train-images.idx3-ubyte.gz'), gzipSync(images));
  const { source } = await fetchKnownFile(makeKnown([], []), 'train-images', own);
  assert.equal(source, join(own, 'train-images.idx3-ubyte.gz'));
  assert.ok(Buffer.from(images).equals(readFileSync(join(own, name))));
});

test('a wrong file in the folder is an error, a wrong one in a package is passed over', async t => {
  const [own, packages] = [temporaryFolder(t), temporaryFolder(t)];
  const server = await startServer(t, whole(gzipSync(images)));
  const known = makeKnown([packages], [server.url]);
  writeFileSync(join(packages, name), wrong);
  assert.equal((await fetchKnownFile(known, 'train-images', own)).source, `${server.url}${name}.gz`);
  writeFileSync(join(own, name), wrong);
  const refusal = (error: Error) =>
    error instanceof UserError && /Expected Test's train-images.*delete the file/.test(error.message);
  await assert.rejects(fetchKnownFile(known, 'train-images', own), refusal);
  await assert.rejects(readKnownFile(known, 'train-images', join(own, name)), refusal);
});

test('MNIST and Fashion-MNIST are known by the name of their folder, others are not', () => {
  assert.equal(knownDataSet('/any/where/mnist')?.title, 'MNIST');
  assert.equal(knownDataSet('data/fashion-mnist/')?.title, 'Fashion-MNIST');
  for (const folder of ['data/my-mnist', 'data/MNIST', 'data/mnist/raw', 'constructor', '']) {
    assert.equal(knownDataSet(folder), undefined);
  }
});

test("Fashion-MNIST's classes are called as its authors call them, in the order of the labels", () => {
  assert.deepEqual(
    [...(knownDataSet('fashion-mnist')?.classNames.entries() ?? [])].map(entry => entry.join(' ')),
    [
      ...['0 T-shirt/top', '1 Trouser', '2 Pullover', '3 Dress', '4 Coat'],
      ...['5 Sandal', '6 Shirt', '7 Sneaker', '8 Bag', '9 Ankle boot'],
    ],
  );
});

test('each known data set has two addresses on the web; what can be had by https is tried first', () => {
  for (const [name, { mirrors }] of Object.entries(knownDataSets)) {
    assert.equal(mirrors.length, 2, name);
    assert.equal(new URL(mirrors[0]).protocol, 'https:');
    for (const mirror of mirrors) assert.ok(mirror.endsWith('/'), mirror);
  }
});

test('checksums have their form and no two files share one', () => {
  const sums = ['mnist', 'fashion-mnist'].flatMap(folder =>
    Object.values(knownDataSet(folder)?.files ?? {}).map(file => file.sha256),
  );
  assert.equal(new Set(sums).size, 8);
  assert.ok(sums.every(sum => /^[0-9a-f]{64}$/.test(sum)));
});
