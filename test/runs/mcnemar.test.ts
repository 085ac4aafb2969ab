import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mcnemarTest, pairedDifference } from '../../lib/runs/mcnemar';

function assertNear(actual: number, expected: number, relative = 1e-10): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual}, expected ${expected}`);
}

const count = fc.nat(3000);

describe("McNemar's exact test", () => {
  // Computed with Python's fractions: 2 · Σ comb(b + c, k) / 2^(b + c) for k from 0 to min(b, c), at most 1.
  const known: [b: number, c: number, p: number][] = [
    [0, 0, 1],
    [0, 1, 1],
    [0, 5, 0.0625],
    [1, 7, 0.0703125],
    [10, 10, 1],
    [10, 11, 1],
    [35, 70, 0.00082145253889575004],
    [121, 59, 4.4344492637551764e-6],
    [152, 187, 0.064642405083823809],
    [1000, 1100, 0.030720707864242296],
    [4800, 5200, 6.5935155986724417e-5],
    [0, 1000, 1.8665272370064378e-301],
    [300, 9700, 0],
  ];
  for (const [b, c, p] of known) test(`of ${b} and ${c}`, () => assertNear(mcnemarTest(b, c), p));

  test('treats both alike, and gives a probability', () => {
    fc.assert(
      fc.property(count, count, (b, c) => {
        const p = mcnemarTest(b, c);
        assert.equal(p, mcnemarTest(c, b));
        assert.ok(p >= 0 && p <= 1);
      }),
    );
  });

  test('falls as one of two equal counts grows', () => {
    fc.assert(
      fc.property(count, fc.integer({ min: 1, max: 200 }), (b, more) => {
        assert.ok(mcnemarTest(b, b + more + 1) < mcnemarTest(b, b + more));
      }),
    );
  });

  test('refuses what is no count', () => {
    for (const wrong of [-1, 0.5, NaN, Infinity])
      assert.throws(() => mcnemarTest(1, wrong), /Expected the number of images for c, an integer from 0 up/);
  });
});

describe('the interval of a difference', () => {
  const interval = (b: number, c: number, bothWrong: number, total: number) =>
    pairedDifference({
      onlyFirstWrong: b,
      onlySecondWrong: c,
      bothWrong,
      bothRight: total - b - c - bothWrong,
    });

  // From the tests of the R package contingencytables, which belongs to Fagerland, Lydersen and Laake, "Statistical
  // Analysis of Contingency Tables", chapter 8.
  test('is that of another program', () => {
    const { difference, low, high } = interval(16, 6, 59, 161);
    assert.deepEqual(
      [difference, low, high].map(value => value.toFixed(4)),
      ['-0.0621', '-0.1186', '-0.0046'],
    );
  });

  // Computed with Python's decimal, with 60 digits, from Newcombe's formulas.
  const known: [b: number, c: number, bothWrong: number, total: number, ends: [number, number]][] = [
    [35, 70, 117, 10000, [0.001488799132807, 0.005588331085493]],
    [52, 87, 100, 10000, [0.001184613771074, 0.005878300820769]],
    [10, 11, 5, 30, [-0.251536826863329, 0.311872848505174]], // errors that go against each other
    [4, 6, 0, 10, [-0.374652460532683, 0.663639340587528]],
    [3, 0, 0, 30, [-0.256210825791841, 0.031005591413989]], // φ is not defined
    [0, 0, 150, 10000, [-0.000420880042414, 0.000420880042414]],
    [0, 0, 0, 30, [-0.113513393173969, 0.113513393173969]],
  ];
  for (const [b, c, bothWrong, total, [low, high]] of known) {
    test(`of ${b} and ${c}, ${bothWrong} both, of ${total}`, () => {
      const actual = interval(b, c, bothWrong, total);
      assert.equal(actual.difference, (c - b) / total);
      assertNear(actual.low, low, 1e-9);
      assertNear(actual.high, high, 1e-9);
    });
  }

  test('turns round when both are exchanged, and lies round the difference within −1 and 1', () => {
    fc.assert(
      fc.property(count, count, count, count, (b, c, bothWrong, bothRight) => {
        const total = b + c + bothWrong + bothRight;
        fc.pre(total > 0);
        const { difference, low, high } = interval(b, c, bothWrong, total);
        const turned = interval(c, b, bothWrong, total);
        assert.ok(Math.abs(turned.low + high) < 1e-12 && Math.abs(turned.high + low) < 1e-12);
        assert.ok(low <= difference && difference <= high);
        assert.ok(low >= -1 - 1e-12 && high <= 1 + 1e-12);
      }),
    );
  });

  test('needs an image', () => {
    assert.throws(() => interval(0, 0, 0, 0), /Expected at least one image/);
  });
});
