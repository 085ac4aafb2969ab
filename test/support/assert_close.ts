import assert from 'node:assert/strict';
import { tf } from '../../lib/tfjs/tensorflow';
import type { GoldenTensor } from './golden';

/** Same shape, and no element further away than `tolerance`. */
export function assertClose(
  actual: tf.Tensor,
  expected: tf.Tensor | GoldenTensor,
  tolerance: number,
  what = '',
): void {
  assert.deepEqual(actual.shape, expected.shape, what);
  const wanted = expected instanceof tf.Tensor ? expected.dataSync() : expected.values;
  const difference = maxDifference(actual.dataSync(), wanted);
  assert.ok(difference <= tolerance, `${what}: largest difference ${difference}, allowed ${tolerance}`);
}

export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = difference; // NaN counts as a difference
  }
  return largest;
}

/** As many numbers, and none further away than `tolerance`. */
export function assertNumbersClose(
  actual: readonly number[],
  expected: readonly number[],
  tolerance = 1e-12,
): void {
  assert.equal(actual.length, expected.length);
  const difference = maxDifference(actual, expected);
  assert.ok(difference <= tolerance, `${actual.join()} is ${difference} away from ${expected.join()}`);
}

/** The number of tensors alive must be the same before and after. */
export async function assertNoLeak(body: () => unknown): Promise<void> {
  const before = tf.memory().numTensors;
  await body();
  assert.equal(tf.memory().numTensors - before, 0, 'tensors left over');
}
