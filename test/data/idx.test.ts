import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIdx } from '../../lib/data';
import { UserError } from '../../lib/base/errors';
import { idxBytes } from './idx_files';

const fails = (bytes: Uint8Array, message: RegExp) =>
  assert.throws(
    () => parseIdx(bytes, 'some/file'),
    error => error instanceof UserError && message.test(error.message) && error.message.includes('some/file'),
  );

const smallFile = idxBytes([2, 3], [1, 2, 3, 4, 5, 6]);

/** A file of 1 to 4 dimensions with any content. */
const anyFile = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }).chain(dims => {
  const size = dims.reduce((a, b) => a * b);
  return fc.uint8Array({ minLength: size, maxLength: size }).map(data => ({ dims, data }));
});

test('dimensions and elements come back, as a view of the bytes', () => {
  fc.assert(
    fc.property(anyFile, ({ dims, data }) => {
      const bytes = idxBytes(dims, data);
      const array = parseIdx(bytes, 'file');
      assert.deepEqual(array.dims, dims);
      assert.deepEqual(Uint8Array.from(array.data), data);
      assert.equal(array.data.buffer, bytes.buffer);
    }),
  );
});

test('a view into a larger buffer is read from its own start', () => {
  const large = new Uint8Array(100);
  large.set(smallFile, 13);
  const array = parseIdx(large.subarray(13, 13 + smallFile.length), 'file');
  assert.deepEqual(
    [array.dims, [...array.data]],
    [
      [2, 3],
      [1, 2, 3, 4, 5, 6],
    ],
  );
});

test('a file with any one byte changed gives an error for the user or an array of the same shape', () => {
  fc.assert(
    fc.property(anyFile, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ dims, data }, place, change) => {
      const bytes = idxBytes(dims, data);
      bytes[place % bytes.length] ^= change;
      try {
        const array = parseIdx(bytes, 'file');
        // A change in the header changes the length that is expected; so only an element can be another.
        assert.deepEqual(array.dims, dims);
        assert.equal(array.data.length, data.length);
      } catch (error) {
        assert.ok(error instanceof UserError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

test('a file that is cut or too long gives an error for the user', () => {
  fc.assert(
    fc.property(anyFile, fc.nat(), ({ dims, data }, place) => {
      const bytes = idxBytes(dims, data);
      assert.throws(() => parseIdx(bytes.subarray(0, place % bytes.length), 'file'), UserError);
      assert.throws(() => parseIdx(Buffer.concat([bytes, Buffer.alloc(1 + (place % 9))]), 'file'), UserError);
    }),
  );
});

test('any bytes at all give an array or an error for the user', () => {
  const almostIdx = fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.concat([Buffer.of(0, 0, 8), bytes]));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), almostIdx), bytes => {
      try {
        const { dims, data } = parseIdx(bytes, 'file');
        assert.equal(
          data.length,
          dims.reduce((a, b) => a * b, 1),
        );
      } catch (error) {
        assert.ok(error instanceof UserError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test('larger integers are read if all are from 0 to 255; the advice is not the same for labels and pixels', () => {
  const int32 = (dims: number[], values: number[]) => {
    const bytes = Buffer.from(idxBytes(dims, new Uint8Array(4 * values.length)));
    bytes[2] = 0x0c;
    values.forEach((value, i) => bytes.writeInt32BE(value, 4 + 4 * dims.length + 4 * i));
    return bytes;
  };
  assert.deepEqual([...parseIdx(int32([3], [0, 255, 7]), 'file').data], [0, 255, 7]);
  fails(
    int32([2], [3, 256]),
    /Expected 32-bit integers from 0 to 255.*found 256 at index 1: labels are class numbers/,
  );
  fails(int32([1, 2], [3, -1]), /found -1 at index 1: scale the pixels/);
  const signed = Buffer.from(idxBytes([2], [1, 200]));
  signed[2] = 0x09;
  fails(signed, /Expected signed bytes from 0 to 255.*found -56/);
  fails(Buffer.of(0, 0, 0x0e, 2, 0, 0, 0, 1), /found 64-bit floats: scale the pixels/);
});

test('the message says what was expected, what was found and what to do', () => {
  fails(Buffer.from('<!DOCTYPE html>'), /magic number 0x0000080N.*found 0x3c21444f: this is not an IDX file/);
  fails(Buffer.of(0x1f, 0x8b, 8, 0, 0), /Expected an IDX file.*found gzip data: add \.gz/);
  fails(
    Buffer.of(0, 0, 0x0d, 1, 0, 0, 0, 1),
    /Expected unsigned bytes \(type 0x08\).*found 32-bit floats: labels are class numbers/,
  );
  fails(Buffer.of(0, 0, 0x0a, 1, 0, 0, 0, 1), /magic number/);
  fails(Buffer.of(0, 0, 8, 0), /with N dimensions.*found 0x00000800/);
  fails(Buffer.of(), /Expected at least 4 bytes.*found 0/);
  fails(smallFile.subarray(0, 9), /Expected a header of 12 bytes.*found 9/);
  fails(smallFile.subarray(0, 15), /Expected 18 \(dimensions 2 × 3\) bytes.*found 15: the file is cut short/);
  fails(Buffer.concat([smallFile, Buffer.of(0)]), /Expected 18 .*found 19.*too long/);
  fails(idxBytes([0, 3], []), /found dimensions 0 × 3: the header is damaged/);
  fails(idxBytes([2 ** 32 - 1, 2 ** 32 - 1], [1]), /memory.*found dimensions 4294967295 × 4294967295/);
  fails(idxBytes(new Array<number>(255).fill(2 ** 32 - 1), []), /memory/);
});
