/** Files with a bit flipped, cut, lengthened or overwritten: each is refused in plain words, or read for what it says. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readDataSets } from '../../lib/data';
import { UserError } from '../../lib/base/errors';
import { createRandom, type Random } from '../../lib/base/random';
import { temporaryFolder, writeDataSet } from './idx_files';

type Alteration = (bytes: Buffer, random: Random) => Buffer;

const below = (random: Random, limit: number) => Math.floor(random.uniform() * limit);

const alterations: Record<string, Alteration> = {
  'a bit flipped': (bytes, random) => {
    bytes[below(random, bytes.length)] ^= 1 << below(random, 8);
    return bytes;
  },
  'a byte of the header overwritten': (bytes, random) => {
    bytes[below(random, 16)] = below(random, 256);
    return bytes;
  },
  'cut short': (bytes, random) => bytes.subarray(0, below(random, bytes.length)),
  lengthened: (bytes, random) => Buffer.concat([bytes, Buffer.alloc(1 + below(random, 9), 7)]),
  'a stretch of zeros': (bytes, random) => {
    const start = below(random, bytes.length);
    return bytes.fill(0, start, Math.min(bytes.length, start + 1 + below(random, 12)));
  },
  'two stretches exchanged': (bytes, random) => {
    const [a, b] = [below(random, bytes.length), below(random, bytes.length)].sort((x, y) => x - y);
    return Buffer.concat([bytes.subarray(b), bytes.subarray(a, b), bytes.subarray(0, a)]);
  },
};

const files = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
];
const headerBytes = (file: string) => (file.includes('images') ? 16 : 8);

for (const [name, alter] of Object.entries(alterations)) {
  test(name, async t => {
    const folder = temporaryFolder(t);
    writeDataSet(folder);
    for (let i = 0; i < 60; i++) {
      const random = createRandom(i).fork(name);
      const file = files[i % files.length];
      const path = join(folder, file);
      const original = readFileSync(path);
      const altered = alter(Buffer.from(original), random);
      writeFileSync(path, altered);
      try {
        const { train, test: tests } = await readDataSets(folder, { validationSize: 0 });
        // Only pixels and labels may differ: a header or a length that does is never accepted. But signed bytes (type 9)
        // hold the same values, unless one is negative, and then they are refused.
        const header = Buffer.from(altered.subarray(0, headerBytes(file)));
        if (header[2] === 9) header[2] = 8;
        assert.deepEqual(header, original.subarray(0, headerBytes(file)));
        assert.equal(altered.length, original.length);
        const set = file.startsWith('train') ? train : tests;
        const read = file.includes('images') ? set.images : set.labels;
        assert.deepEqual(Buffer.from(read), altered.subarray(headerBytes(file)));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        assert.match(error.message, /^Expected .* found /s);
        assert.ok(error.message.includes(folder), `names the file: ${error.message}`);
      }
      writeFileSync(path, original);
    }
  });
}

test('the same in gzipped files: none is read wrongly', async t => {
  const folder = temporaryFolder(t);
  writeDataSet(folder, { 'train-images-idx3-ubyte': undefined });
  const path = join(folder, 'train-images-idx3-ubyte.gz');
  writeDataSet(join(folder, 'whole'));
  const content = readFileSync(join(folder, 'whole', 'train-images-idx3-ubyte'));
  const packed = gzipSync(content);
  for (let i = 0; i < 200; i++) {
    const random = createRandom(i).fork('gzip');
    const altered = Buffer.from(packed);
    altered[below(random, altered.length)] ^= 1 << below(random, 8);
    writeFileSync(path, altered);
    try {
      const { train } = await readDataSets(folder, { validationSize: 0 });
      // A flipped bit in gzip's own header, such as the time, changes nothing.
      assert.deepEqual(Buffer.from(train.images), content.subarray(16));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
});
