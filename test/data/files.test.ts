/** Files as people have them: packed by all kinds of programs, or no files at all. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readFile } from '../../lib/data/files';
import { examples, idxBytes, temporaryFolder } from './idx_files';

const { images } = examples(500, 7, 9);
const packed = gzipSync(images);
const half = images.length >> 1;

describe('gzip, as gzip reads it:', () => {
  const members = Buffer.concat([gzipSync(images.subarray(0, half)), gzipSync(images.subarray(half))]);
  const named = Buffer.from(packed);
  named[3] = 8;
  const whole: Record<string, Buffer> = {
    'zeros behind the end': Buffer.concat([packed, Buffer.alloc(512)]),
    'many zeros behind the end': Buffer.concat([packed, Buffer.alloc(300_000)]),
    'several members': members,
    'several members and zeros': Buffer.concat([members, Buffer.alloc(70_000)]),
    'something else behind the end': Buffer.concat([packed, Buffer.from('# the end')]),
    'an empty member behind the end': Buffer.concat([packed, gzipSync('')]),
    'a file name in the header': Buffer.concat([
      named.subarray(0, 10),
      Buffer.from('a.idx\0'),
      named.subarray(10),
    ]),
    'nothing compressed': gzipSync(images, { level: 0 }),
  };
  for (const [what, bytes] of Object.entries(whole)) {
    test(what, async t => {
      const path = join(temporaryFolder(t), 'x.gz');
      writeFileSync(path, bytes);
      assert.ok(Buffer.from(await readFile(path)).equals(images));
    });
  }

  const wrong = Buffer.from(packed);
  wrong[packed.length - 6] ^= 1;
  const broken: Record<string, [Buffer, RegExp]> = {
    'cut off': [packed.subarray(0, -3), /found gzip data that breaks off/],
    'cut off in the middle': [packed.subarray(0, packed.length >> 1), /found gzip data that breaks off/],
    'a wrong checksum': [wrong, /found damaged gzip data/],
    'a second member that is damaged': [
      Buffer.concat([packed, Buffer.from('\x1f\x8b\x09no gzip at all', 'latin1')]),
      /found damaged gzip data/,
    ],
    'more than the header says': [
      gzipSync(Buffer.concat([images, images])),
      /Expected 31516 bytes in .*, found more/,
    ],
  };
  for (const [what, [bytes, message]] of Object.entries(broken)) {
    test(`${what} is refused`, async t => {
      const path = join(temporaryFolder(t), 'x.gz');
      writeFileSync(path, bytes);
      await assert.rejects(readFile(path), { name: 'UserError', message });
    });
  }
});

describe('no more memory than the header promises:', () => {
  /** Bytes that array buffers took at most, beside those that were there before. */
  async function memoryOf(act: () => Promise<unknown>): Promise<number> {
    const before = process.memoryUsage().arrayBuffers;
    await act();
    return process.memoryUsage().arrayBuffers - before;
  }

  test('a gzip bomb', async t => {
    const path = join(temporaryFolder(t), 'bomb.gz');
    const zeros = gzipSync(Buffer.concat([idxBytes([2, 2, 2], []), Buffer.alloc(200_000_000)]));
    writeFileSync(path, zeros);
    const used = await memoryOf(() => assert.rejects(readFile(path), /Expected 24 bytes .* found more: /));
    assert.ok(used < 20_000_000, `${used}`);
  });

  test('a sparse file of gigabytes', async t => {
    const folder = temporaryFolder(t);
    for (const [name, start, message] of [
      ['images', idxBytes([2, 2, 2], []), /Expected 24 bytes .* found 8589934592: the file is/],
      ['images.gz', idxBytes([2, 2, 2], []), /damaged gzip data/],
    ] as const) {
      const path = join(folder, name);
      writeFileSync(path, start);
      truncateSync(path, 2 ** 33);
      const used = await memoryOf(() => assert.rejects(readFile(path), message));
      assert.ok(used < 20_000_000, `${used}`);
    }
    const path = join(folder, 'zeros');
    writeFileSync(path, '');
    truncateSync(path, 2 ** 33);
    assert.ok((await memoryOf(() => readFile(path))) < 20_000_000);
  });
});

test('a pipe is refused, not waited for', { skip: process.platform === 'win32' }, async t => {
  const path = join(temporaryFolder(t), 'pipe');
  execFileSync('mkfifo', [path]);
  await assert.rejects(readFile(path), /found a pipe or a device: put a regular file there/);
  await assert.rejects(readFile('/dev/zero'), /found a pipe or a device/);
});
