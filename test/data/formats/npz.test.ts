/** Data sets in NumPy's archives. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readDataSets, type ReadOptions } from '../../../lib/data';
import { UserError } from '../../../lib/base/errors';
import { temporaryFolder } from '../idx_files';
import { bytesArray, npy, zip } from './npz_files';

/**
 * Written by NumPy 2.4 with savez_compressed: x_train, bytes 0..23 as [4, 2, 3]; y_train, [0, 1, 2, 1] as int64; x_test,
 * the first two of x_train / 255 as big-endian float32 in Fortran's order; y_test, [[1], [2]].
 */
const writtenByNumPy = Buffer.from(
  [
    'UEsDBC0AAAAIAAAAIQBFgVML//////////8LABQAeF90cmFpbi5ucHkBABAAmAAAAAAAAABhAAAAAAAAAJvsF+obEMnIUMZQrZ6S',
    'WpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GiY6CkY6CsaaOgq1CuQBLgZGJmYWVjZ2Dk4ubh5ePn4B',
    'QSFhEVExcQBQSwMELQAAAAgAAAAhAL7E/5P//////////wsAFAB5X3RyYWluLm5weQEAEACgAAAAAAAAAEwAAAAAAAAAm+wX6hsQ',
    'ychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaJjqaOgq1ChQALgYoYITSTGh8AFBLAwQt',
    'AAAACAAAACEAv2V8QP//////////CgAUAHhfdGVzdC5ucHkBABAAsAAAAAAAAABzAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6l',
    'oG6XZqKuo6Cell9UUpSYF59flJIKEg8pKk0FChdnJBakArkaRjoKQGSsqaNQq0Am4GIAApsDBw7aOBw4aCswYaJ1Q0OjzYMHD22A',
    'tK3CgoU2DEAaiG0WLFhoa7BhIwBQSwMELQAAAAgAAAAhAHh3oGX//////////woAFAB5X3Rlc3QubnB5AQAQAIIAAAAAAAAASAAA',
    'AAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBeU2qorqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOgqGmjoKtQpkAy5G',
    'JgBQSwECLQMtAAAACAAAACEARYFTC2EAAACYAAAACwAAAAAAAAAAAAAAgAEAAAAAeF90cmFpbi5ucHlQSwECLQMtAAAACAAAACEA',
    'vsT/k0wAAACgAAAACwAAAAAAAAAAAAAAgAGeAAAAeV90cmFpbi5ucHlQSwECLQMtAAAACAAAACEAv2V8QHMAAACwAAAACgAAAAAA',
    'AAAAAAAAgAEnAQAAeF90ZXN0Lm5weVBLAQItAy0AAAAIAAAAIQB4d6BlSAAAAIIAAAAKAAAAAAAAAAAAAACAAdYBAAB5X3Rlc3Qu',
    'bnB5UEsFBgAAAAAEAAQA4gAAAFoCAAAAAA==',
  ].join(''),
  'base64',
);

async function read(t: TestContext, bytes: Uint8Array, options: ReadOptions = {}) {
  const path = join(temporaryFolder(t), 'mnist.npz');
  writeFileSync(path, bytes);
  return readDataSets(path, { validationSize: 1, ...options });
}

const refuses = (t: TestContext, bytes: Uint8Array, message: RegExp, options?: ReadOptions) =>
  assert.rejects(read(t, bytes, options), (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.match(error.message, message);
    return true;
  });

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const images = bytesArray([4, 2, 3], range(24));
const labels = bytesArray([4], [0, 1, 2, 1]);
const files = { 'x_train.npy': images, 'y_train.npy': labels, 'x_test.npy': images, 'y_test.npy': labels };

test("NumPy's own file: bytes, 64-bit labels, floats from 0 to 1, both orders of bytes and of dimensions", async t => {
  const { train, validation, test } = await read(t, writtenByNumPy);
  assert.deepEqual([train.rows, train.columns, train.numClasses], [2, 3, 3]);
  assert.deepEqual([...validation.images, ...train.images], range(24));
  assert.deepEqual([...validation.labels, ...train.labels], [0, 1, 2, 1]);
  assert.deepEqual([[...test.images], [...test.labels]], [range(12), [1, 2]]);
});

test('arrays by other names, images as lines of pixels, and one set for both', async t => {
  const named = { 'train_images.npy': images, 'train_labels.npy': labels };
  const other = { 'test_images.npy': images, 'test_labels.npy': labels, 'notes.npy': Buffer.of(1) };
  assert.deepEqual([...(await read(t, zip({ ...named, ...other }))).test.images], range(24));

  const flat = zip({ 'data.npy': bytesArray([10, 6], range(60)), 'target.npy': bytesArray([10], range(10)) });
  await refuses(t, flat, /found the shape \(10, 6\): say how high the images are, \{ rows: 32 \}/);
  const one = zip({
    'X.npy': bytesArray([10, 6], range(60)),
    'y.npy': bytesArray(
      [10],
      range(10).map(i => i % 2),
    ),
  });
  const { train, test } = await read(t, one, { rows: 2, validationSize: 0 });
  assert.deepEqual([train.numExamples, test.numExamples, test.rows, test.columns], [8, 2, 2, 3]);
  assert.deepEqual([...test.labels].sort(), [0, 1]);
});

test('maxPixel scales pixels', async t => {
  const sixteen = {
    ...files,
    'x_test.npy': bytesArray(
      [4, 2, 3, 1],
      range(24).map(i => i % 17),
    ),
  };
  await refuses(t, zip(sixteen), /Expected pixels from 0 to 16 in x_train.npy of .*, found 17 at index 17/, {
    maxPixel: 16,
  });
  const same = { ...sixteen, 'x_train.npy': sixteen['x_test.npy'] };
  assert.deepEqual(
    [...(await read(t, zip(same), { maxPixel: 16 })).test.image(2)],
    [191, 207, 223, 239, 255, 0],
  );
  await refuses(t, zip(files), /Expected a positive number as maxPixel, found 0/, { maxPixel: 0 });
  const bright = npy('<f4', [1, 1, 1], new Uint8Array(Float32Array.of(1.5).buffer));
  const one = { 'images.npy': bright, 'labels.npy': bytesArray([1], [0]) };
  await refuses(
    t,
    zip(one),
    /Expected pixels from 0 to 1 in images.npy of .*, found 1.5 at index 0: give their largest/,
  );
  const none = npy('<f4', [1, 1, 1], new Uint8Array(Float32Array.of(NaN).buffer));
  await refuses(t, zip({ ...one, 'images.npy': none }), /found NaN at index 0/);
});

test('arrays that are missing, double, or do not fit together', async t => {
  const without = { 'x_train.npy': images, 'y_train.npy': labels, 'x_test.npy': images };
  await refuses(
    t,
    zip(without),
    /Expected test labels in .*mnist.npz, found x_train.npy, y_train.npy, x_test.npy/,
  );
  await refuses(
    t,
    zip({ 'arr_0.npy': images }),
    /Expected labels in .*, found arr_0.npy: the arrays' names are x_train/,
  );
  await refuses(
    t,
    zip({ ...files, 'train_x.npy': images }),
    /Expected one array of training images in .*, found x_train/,
  );
  const with3 = { ...files, 'y_train.npy': bytesArray([3], [0, 1, 2]) };
  await refuses(t, zip(with3), /Expected 3 images in x_train.npy of .*, as there are labels, found 4/);
  const oneHot = { ...files, 'y_train.npy': bytesArray([4, 3], range(12)) };
  await refuses(t, zip(oneHot), /found the shape \(4, 3\): of one-hot labels save labels.argmax\(axis=1\)/);
  const colours = { ...files, 'x_test.npy': bytesArray([4, 1, 2, 3], range(24)) };
  await refuses(t, zip(colours), /Expected grey images .*, found the shape \(4, 1, 2, 3\): convert them/);
  const negative = { ...files, 'y_train.npy': npy('|i1', [4], Uint8Array.of(0, 1, 255, 1)) };
  await refuses(t, zip(negative), /Expected labels from 0 to 255 in y_train.npy of .*, found -1 at index 2/);
});

test('headers are checked before they are believed', async t => {
  const withLabels = (array: Uint8Array) => zip({ ...files, 'y_train.npy': array });
  await refuses(t, withLabels(npy('|O', [4], Buffer.alloc(4))), /found the type \{'descr': '\|O'/);
  await refuses(
    t,
    withLabels(npy('<c8', [4], Buffer.alloc(32))),
    /found the type <c8: convert them in Python/,
  );
  await refuses(
    t,
    withLabels(Buffer.from('an array of numbers')),
    /Expected an array of NumPy in y_train.npy .*something else/,
  );
  await refuses(t, withLabels(labels.subarray(0, 40)), /found one that breaks off in its header/);
  await refuses(t, withLabels(labels.subarray(0, 130)), /Expected 132 bytes in y_train.npy of .*, found 130/);
  await refuses(
    t,
    withLabels(bytesArray([2 ** 40, 2 ** 40], [1])),
    /Expected 1.2\d*e\+24 bytes in y_train.npy .*, found 129/,
  );
  await refuses(t, withLabels(Buffer.of()), /something else/);
});

test('archives that are damaged, lie about their files, or are none', async t => {
  await refuses(t, Buffer.from('no archive'), /Expected a whole zip archive at .*mnist.npz, found /);
  await refuses(t, zip(files).subarray(0, 300), /Expected a whole zip archive/);
  await refuses(t, zip(files, { checksum: 1 }), /found a wrong checksum of y_train.npy/);
  await refuses(t, zip(files, { size: 200 }), /Expected a whole zip archive .*not enough bytes/);
  // Gigabytes of zeros: no more comes out of the archive than the header of the array says.
  const bomb = Buffer.concat([labels, Buffer.alloc(50_000_000)]);
  await refuses(
    t,
    zip({ ...files, 'y_train.npy': bomb }, { size: labels.length }),
    /Expected a whole zip archive .*too many bytes/,
  );
  await assert.rejects(readDataSets(join(temporaryFolder(t), 'none.npz')), /found no such folder/);
});

test('a pipe is not waited for', { skip: process.platform === 'win32' }, async t => {
  for (const name of ['pipe.npz', 'pipe.csv']) {
    const path = join(temporaryFolder(t), name);
    assert.equal(spawnSync('mkfifo', [path]).status, 0);
    await assert.rejects(readDataSets(path), /a pipe or a device/);
  }
});
