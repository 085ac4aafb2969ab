/** A saved function in Python's own TensorFlow, where that is installed: for `npm run bench`, or `npm run golden`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compile, scan, tf } from '../../lib/compile';
import { maxDifference } from '../support/assert_close';
import { pythonWith } from '../support/python';

const { python, skip } = pythonWith('tensorflow');

const folder = mkdtempSync(join(tmpdir(), 'scanline-python-'));
after(() => rmSync(folder, { recursive: true }));

/** @returns what a program prints as JSON */
function runPython(code: string): unknown {
  const { stdout, stderr, status } = spawnSync(python, ['-c', code, folder], {
    encoding: 'utf8',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const program = `
import json, sys, tensorflow as tf
f = tf.saved_model.load(sys.argv[1]).signatures['serving_default']
images = tf.constant([[[1., 2.], [3., 4.]], [[5., 6.], [7., 8.]]])
result = f(images=images)
print(json.dumps({name: value.numpy().ravel().tolist() for name, value in result.items()}))
`;

test('gives the same, loops included', { skip }, () => {
  const weights = tf.variable(tf.tensor2d([[0.1, 0.2], [0.3, -0.4]])); // prettier-ignore
  const step = (x: tf.Tensor2D, h: tf.Tensor2D) => {
    const state = tf.tanh(tf.add<tf.Tensor2D>(x, tf.matMul(h, weights as tf.Tensor2D)));
    return { output: tf.sum(state), state };
  };
  const f = compile(({ images }: { images: tf.Tensor3D }) => {
    const { outputs, state } = scan(step, tf.unstack(images) as tf.Tensor2D[], tf.zeros<tf.Rank.R2>([2, 2]));
    return { sums: tf.stack(outputs), state };
  });
  const expected = f({ images: tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]) });
  f.save(folder);
  const found = runPython(program) as Record<string, number[]>;
  assert.deepEqual(Object.keys(found).sort(), ['state', 'sums']);
  for (const name of ['state', 'sums'] as const) {
    assert.ok(maxDifference(found[name], expected[name].dataSync()) < 1e-6, `${name}: ${found[name].join()}`);
  }
  f.dispose();
  weights.dispose();
});

const training = `
import json, sys, tensorflow as tf
x = tf.constant([[1., 2.]])
f = tf.saved_model.load(sys.argv[1] + '/model').signatures['serving_default']
with tf.GradientTape() as tape:
    cost = tf.reduce_mean(f(images=x)['output'] ** 2)
names = [v.name for v in f.trainable_variables]
for v, gradient in zip(f.trainable_variables, tape.gradient(cost, f.trainable_variables)):
    v.assign_sub(0.1 * gradient)
train = tf.saved_model.load(sys.argv[1] + '/step').signatures['serving_default']
costs = [float(train(images=x)['output']) for _ in range(3)]
print(json.dumps({'names': names, 'after': f(images=x)['output'].numpy().ravel().tolist(), 'costs': costs}))
`;

test('goes on training: with a gradient of Python, and with the saved step', { skip }, () => {
  const kernel = tf.variable(tf.tensor2d([[1, 2], [3, 4]]), true, 'dense/kernel'); // prettier-ignore
  const fixed = tf.variable(tf.scalar(2), false, 'fixed scale');
  const model = (x: tf.Tensor2D) => tf.mul<tf.Tensor2D>(tf.tanh(tf.matMul(x, kernel as tf.Tensor2D)), fixed);
  const costOf = (x: tf.Tensor2D) => tf.mean<tf.Scalar>(tf.square(model(x)));
  const f = compile(({ images }: { images: tf.Tensor2D }) => model(images));
  const optimizer = tf.train.adam(0.1);
  const train = compile(
    ({ images }: { images: tf.Tensor2D }) => optimizer.minimize(() => costOf(images), true) as tf.Scalar,
  );
  const images = tf.tensor2d([[1, 2]]);
  f({ images }).dispose();
  f.save(join(folder, 'model'), { variables: 'inside' });
  const { value, grads } = tf.variableGrads(() => costOf(images), [kernel]);
  const after = tf.tidy(() => {
    const moved = tf.sub(kernel, tf.mul(grads[kernel.name], 0.1));
    return tf.mul(tf.tanh(tf.matMul(images, moved as tf.Tensor2D)), fixed).dataSync();
  });
  train({ images }).dispose();
  train.save(join(folder, 'step'), { variables: 'inside' });
  const costs = [1, 2, 3].map(() => train({ images }).dataSync()[0]);
  const found = runPython(training) as { names: string[]; after: number[]; costs: number[] };
  assert.deepEqual(found.names, ['dense/kernel:0']);
  assert.ok(maxDifference(found.after, after) < 1e-6, `${found.after.join()} and ${after.join()}`);
  assert.ok(maxDifference(found.costs, costs) < 1e-5, `${found.costs.join()} and ${costs.join()}`);
  f.dispose();
  train.dispose();
  optimizer.dispose();
  tf.dispose([value, grads, kernel, fixed]);
});
