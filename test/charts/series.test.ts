import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { round, smooth, thin } from '../../lib/charts/series';

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

test('thinning keeps order, limit, the lowest and the highest; what is left was there before', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 2, max: 50 }), (points, limit) => {
      const thinned = thin(points, limit);
      assert.ok(thinned.length <= Math.max(limit, 0));
      assert.ok(thinned.every((point, i) => i === 0 || point.x >= thinned[i - 1].x));
      assert.ok(thinned.every(point => points.includes(point)));
      const heights = points.map(({ y }) => y);
      for (const most of [Math.min, Math.max]) {
        assert.equal(most(...thinned.map(({ y }) => y)), most(...heights));
      }
    }),
  );
});

test('a series within the limit stays whole', () => {
  const points = [1, 2, 3].map(x => ({ x, y: 0 }));
  assert.deepEqual(thin(points, 3), points);
});

test('rounding keeps five digits, and integers whole', () => {
  assert.equal(round(0.0123456789), 0.012346);
  assert.equal(round(1234567), 1234567);
});
