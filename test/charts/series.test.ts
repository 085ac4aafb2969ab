import { round } from '../../lib/base/format';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { smooth } from '../../lib/base/smooth';
import { logTicks, thin } from '../../lib/charts/parts/series';

const series = fc
  .array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 500 })
  .map(values => values.map((y, x) => ({ x, y })));

test('smoothing by hand: the weighted mean of the values so far', () => {
  const smoothed = smooth(
    [4, 8, 2].map((y, x) => ({ x, y })),
    0.5,
  );
  assert.deepEqual(smoothed[0], { x: 0, y: 4 });
  assert.ok(Math.abs(smoothed[1].y - (0.5 * 4 + 8) / 1.5) < 1e-12);
  assert.ok(Math.abs(smoothed[2].y - (0.25 * 4 + 0.5 * 8 + 2) / 1.75) < 1e-12);
});

test('smoothing with weight 0 changes nothing, and a constant stays what it is', () => {
  const points = [3, 1, 2].map((y, x) => ({ x, y }));
  assert.deepEqual(smooth(points, 0), points);
  for (const { y } of smooth(
    Array.from({ length: 1000 }, (_, x) => ({ x, y: 7 })),
    0.99,
  )) {
    assert.ok(Math.abs(y - 7) < 1e-9);
  }
});

test('smoothed values stay between the lowest and the highest', () => {
  fc.assert(
    fc.property(series, fc.double({ min: 0, max: 0.999, noNaN: true }), (points, weight) => {
      const [lowest, highest] = [Math.min, Math.max].map(most => most(...points.map(({ y }) => y)));
      return smooth(points, weight).every(({ y }) => y >= lowest - 1e-3 && y <= highest + 1e-3);
    }),
  );
});

test('thinning keeps order, limit, the first and the last; what is left was there before', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 3, max: 50 }), (points, limit) => {
      const thinned = thin(points, limit);
      assert.equal(thinned.length, Math.min(limit, points.length));
      assert.ok(thinned.every((point, i) => i === 0 || point.x >= thinned[i - 1].x));
      assert.ok(thinned.every(point => points.includes(point)));
      assert.deepEqual([thinned[0], thinned[thinned.length - 1]], [points[0], points[points.length - 1]]);
    }),
  );
});

test('a spike that stands out survives the thinning', () => {
  const points = Array.from({ length: 10_000 }, (_, x) => ({ x, y: x === 4321 ? 50 : Math.sin(x / 500) }));
  assert.ok(thin(points, 100).includes(points[4321]));
});

test('a series within the limit stays whole', () => {
  const points = [1, 2, 3].map(x => ({ x, y: 0 }));
  assert.deepEqual(thin(points, 3), points);
});

test('rounding keeps five digits, and integers whole', () => {
  assert.equal(round(0.0123456789), 0.012346);
  assert.equal(round(1234567), 1234567);
});

test('a logarithmic axis has its numbers at 1, 2 and 5 times the powers of ten', () => {
  const ticks = logTicks([0.012, 2.3]);
  for (const tick of [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]) assert.ok(ticks.includes(tick), String(ticks));
  assert.ok(!ticks.includes(0.3));
});

test('where the values are close together, the numbers are even steps between them', () => {
  assert.deepEqual(logTicks([2.32, 2.28]), [2.28, 2.29, 2.3, 2.31, 2.32]);
  assert.deepEqual(logTicks([0.92, 0.8]), [0.8, 0.82, 0.84, 0.86, 0.88, 0.9, 0.92]);
  assert.deepEqual(logTicks([0.3, 0, 0.95]), [0.4, 0.6, 0.8]);
  assert.deepEqual(logTicks([0.7]), [0.7]);
});

test('every range of measured values has at least two numbers, and not too many', () => {
  const value = fc.double({ min: 1e-3, max: 10, noNaN: true });
  fc.assert(
    fc.property(value, fc.double({ min: 1.01, max: 10, noNaN: true }), (lowest, ratio) => {
      const highest = lowest * ratio;
      const inside = logTicks([lowest, highest]).filter(
        tick => tick >= lowest * 0.999 && tick <= highest * 1.001,
      );
      assert.ok(inside.length >= 2 && inside.length <= 7, `${lowest} to ${highest}: ${inside.join()}`);
    }),
  );
});
