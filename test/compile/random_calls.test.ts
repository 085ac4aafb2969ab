import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf } from '../../lib/tfjs/tensorflow';
import { compareRandomCalls, difference } from './random_calls';

test('random calls give compiled what they give operation by operation, with other values too', () => {
  const { wrong, refused } = compareRandomCalls(330, 1);
  assert.deepEqual(wrong, []);
  assert.ok(refused < 5, `${refused} that tfjs-node itself refuses`);
});

test('a difference of value, type or shape is found', () => {
  const x = tf.tensor1d([1, 2]);
  assert.equal(difference([x], [tf.tensor1d([1, 2.000001])]), undefined);
  assert.match(difference([x], [tf.tensor1d([1, 2.001])]) ?? '', /^output 0 has 2\.000999.* at 1, not 2$/);
  assert.match(difference([x], [tf.cast(x, 'int32')]) ?? '', /output 0 is int32 \[2\], not float32 \[2\]/);
  assert.match(difference([x], []) ?? '', /output 0 is undefined/);
});
