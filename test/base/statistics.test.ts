import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correlation, median } from '../../lib/base/statistics';

test('the median of an even number of values is between the two in the middle', () => {
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 3, 2])], [2, 2.5]);
});

test('the correlation is 1 along a rising line, −1 along a falling one, and none where nothing varies', () => {
  const x = [1, 2, 3, 4];
  const close = (found: number, expected: number) =>
    assert.ok(Math.abs(found - expected) < 1e-12, `${found}`);
  close(correlation(x, x.map(value => 5 * value - 3)), 1); // prettier-ignore
  close(correlation(Float32Array.from(x), x.map(value => -value)), -1); // prettier-ignore
  close(correlation(x, [1, 3, 2, 4]), 0.8);
  assert.ok(Number.isNaN(correlation(x, [2, 2, 2, 2])));
});
