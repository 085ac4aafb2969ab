import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile } from '../../../lib/compile/compile';
import { nodeBackend } from '../../../lib/tfjs/node_backend';
import { tf } from '../../../lib/tfjs/tensorflow';
import { assertNoLeak } from '../../support/assert_close';

const x = tf.tensor1d([1, 2, 3]);

describe('functions of so few operations that they are run one by one', () => {
  const numNative = () =>
    (nodeBackend().binding as unknown as { getNumOfTensors(): number }).getNumOfTensors();

  test('one value in several places, constants, and nothing left over', async () => {
    const v = tf.variable(tf.scalar(0));
    const f = compile((a: tf.Tensor) => {
      const sum = tf.sum<tf.Scalar>(a);
      v.assign(sum);
      return { sum, again: [sum, tf.scalar(7), tf.sum(tf.neg(a))] };
    });
    tf.dispose(f(x));
    const before = numNative();
    await assertNoLeak(() => {
      const { sum, again } = f(x);
      assert.deepEqual(
        [sum, ...again, v].map(each => each.dataSync()[0]),
        [6, 6, 7, -6, 6],
      );
      sum.dispose();
      assert.equal(again[0].dataSync()[0], 6);
      tf.dispose(again);
    });
    assert.equal(numNative(), before);
    f.dispose();
    v.dispose();
  });

  test('an error leaves nothing, and names operation and line', () => {
    const table = tf.tensor1d([1, 2]);
    const f = compile((i: tf.Tensor1D) => tf.gather(tf.neg(table), i));
    f(tf.tensor1d([0], 'int32'));
    const wrong = tf.tensor1d([5], 'int32');
    const fails = () =>
      assert.throws(
        () => f(wrong),
        /failed in GatherV2, made at .*program\.test\.ts:\d+.*: indices\[0\] = 5/,
      );
    fails();
    const before = numNative();
    fails();
    assert.equal(numNative(), before);
  });
});
