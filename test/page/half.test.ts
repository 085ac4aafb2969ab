/** Numbers of 16 bits, against those that NumPy's float16 has, and there and back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHalf, toHalf } from '../../page/half';

const half = (value: number) => toHalf(Float32Array.of(value))[0];

test('as numpy.float32(value).astype(numpy.float16).view(numpy.uint16) has it', () => {
  const known: [number, number][] = [
    ...([
      [0, 0x0000],
      [-0, 0x8000],
      [1, 0x3c00],
      [-2, 0xc000],
      [0.1, 0x2e66],
      [1 / 3, 0x3555],
    ] as const),
    ...([
      [65504, 0x7bff],
      [65519, 0x7bff],
      [65520, 0x7c00],
      [1e9, 0x7c00],
      [-Infinity, 0xfc00],
    ] as const),
    ...([
      [6.1035e-5, 0x0400],
      [6e-5, 0x03ef],
      [5.96e-8, 0x0001],
      [2.9e-8, 0x0000],
      [3e-8, 0x0001],
    ] as const),
    ...([
      [1.00048828125, 0x3c00],
      [1.00146484375, 0x3c02],
      [NaN, 0x7e00],
    ] as const), // ties go to the even one
  ].map(([value, bits]) => [value, bits]);
  for (const [value, bits] of known) assert.equal(half(value).toString(16), bits.toString(16), String(value));
});

test('each of the 65,536 comes back as it was', () => {
  const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
  const numbers = all.filter(bits => (bits & 0x7c00) !== 0x7c00 || (bits & 0x3ff) === 0);
  assert.deepEqual(toHalf(fromHalf(numbers)), numbers);
});

test('no other half is nearer', () => {
  const value = fc.float({ min: -60000, max: 60000, noNaN: true });
  fc.assert(
    fc.property(value, number => {
      const bits = half(number);
      const error = Math.abs(fromHalf(Uint16Array.of(bits))[0] - number);
      for (const other of [bits - 1, bits + 1]) {
        if (other < 0 || other > 0xffff) continue;
        const distance = Math.abs(fromHalf(Uint16Array.of(other))[0] - number);
        assert.ok(!(distance < error), `${number}: ${bits}, and ${other} is nearer`);
      }
    }),
  );
});
