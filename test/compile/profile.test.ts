import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { compile, scan, tf } from '../../lib/compile';
import { nodeBackend } from '../../lib/tfjs/node_backend';
import { assertNoLeak } from '../support/assert_close';

const weights = tf.variable(tf.fill([8, 8], 0.1));
const x = tf.ones<tf.Rank.R2>([16, 8]);
const bytes = 16 * 8 * 4; // of such a tensor
const numNative = () => (nodeBackend().binding as unknown as { getNumOfTensors(): number }).getNumOfTensors();
const byName = (entries: readonly { name: string; count: number; bytes: number }[]) =>
  Object.fromEntries(entries.map(({ name, count, bytes }) => [name, [count, bytes]]));

test('tells of each operation and each line how often it runs, how long, and what it makes', () => {
  const f = compile(function twice(a: tf.Tensor2D) {
    const first = tf.matMul(a, weights);
    const both = [tf.tanh(first), tf.tanh(tf.neg(first))];
    return tf.sum(tf.reshape(tf.add(both[0], both[1]), [-1]));
  });
  const profile = f.profile(x);
  assert.deepEqual(byName(profile.operations), {
    BatchMatMulV2: [1, bytes],
    Neg: [1, bytes],
    Tanh: [2, 2 * bytes],
    [profile.operations.find(({ name }) => name.startsWith('Add'))?.name ?? 'Add']: [1, bytes],
    Reshape: [1, 0], // shows the bytes of its input
    Sum: [1, 4],
  });
  const lines = profile.lines.map(({ name, count }) => [
    Number(/profile\.test\.ts:(\d+):/.exec(name)?.[1]),
    count,
  ]);
  const numbers = [...new Set(lines.map(([line]) => line))].sort((a, b) => a - b);
  assert.deepEqual(numbers.map(line => line - numbers[0]), [0, 1, 2]); // prettier-ignore
  assert.equal(profile.lines.reduce((sum, { count }) => sum + count, 0), 7); // prettier-ignore
  // The product is freed before the sum is made: never more than three at once.
  assert.equal(profile.peakBytes, 3 * bytes);
  const total = profile.operations.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  assert.ok(profile.graphMilliseconds > 0 && Math.abs(total - profile.operationMilliseconds) < 1e-6);
  const text = inspect(profile);
  assert.match(text, /^twice: \d+\.\d\d ms a call as a graph, \d+\.\d\d ms operation by operation/);
  assert.match(text, /^ *\d+\.\d\d ms +\d+ % +2 +1\.0 KiB {2}Tanh$/m);
  f.dispose();
});

test('goes through the steps of a scan and its gradient, and leaves all as it was', async () => {
  const optimizer = tf.train.adam(0.01);
  const step = (a: tf.Tensor2D, h: tf.Tensor2D) => {
    const state = tf.tanh(tf.add<tf.Tensor2D>(a, tf.matMul(h, weights as tf.Tensor2D)));
    return { output: tf.sum(state), state };
  };
  const train = compile((images: tf.Tensor3D) =>
    optimizer.minimize(() => {
      const { outputs, state } = scan(
        step,
        tf.unstack(images) as tf.Tensor2D[],
        tf.zeros<tf.Rank.R2>([4, 8]),
      );
      return tf.add<tf.Scalar>(tf.mean(tf.stack(outputs)), tf.mean(state));
    }, true),
  );
  const images = tf.ones<tf.Rank.R3>([5, 4, 8]);
  train(images)?.dispose();
  const before = weights.dataSync();
  const native = numNative();
  await assertNoLeak(() => {
    const operations = byName(train.profile(images).operations);
    assert.equal(operations.Scan[0], 2);
    assert.equal(operations.Tanh[0], 5);
    assert.equal(operations.BatchMatMulV2[0], 3 * 5); // forward, by the state, by the weights
  });
  assert.equal(numNative(), native);
  assert.deepEqual(weights.dataSync(), before);
  assert.equal((optimizer as unknown as { iterations: number }).iterations, 1);
  train.dispose();
  optimizer.dispose();
});
