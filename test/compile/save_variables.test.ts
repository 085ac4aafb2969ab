import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compile, tf } from '../../lib/compile';
import { nodeBackend } from '../../lib/tfjs/node_backend';
import { assertClose, assertNoLeak } from '../support/assert_close';

const folder = mkdtempSync(join(tmpdir(), 'scanline-variables-'));
after(() => rmSync(folder, { recursive: true }));
const x = tf.tensor2d([[1, 2]]);
const numNative = () => (nodeBackend().binding as unknown as { getNumOfTensors(): number }).getNumOfTensors();

test('a training step with its variables goes on where it was, wherever it is loaded', async () => {
  // One of these names is none for TensorFlow, and would be the same as another.
  const kernel = tf.variable(tf.tensor2d([[1, 2], [3, 4]]), true, 'dense kernel'); // prettier-ignore
  const bias = tf.variable(tf.tensor1d([0.5, -0.5]), true, 'dense_kernel');
  const count = tf.variable(tf.scalar(3, 'int32'), false, '_count');
  const optimizer = tf.train.adam(0.1);
  const train = compile((images: tf.Tensor2D) => {
    count.assign(tf.add(count, tf.scalar(1, 'int32')));
    const logits = () => tf.add(tf.matMul(images, kernel as tf.Tensor2D), bias);
    const cost = optimizer.minimize(() => tf.mean(tf.square(logits())), true) as tf.Scalar;
    return { cost, count: tf.mul(count, tf.scalar(1, 'int32')), doubled: tf.mul(bias, 2) };
  });
  tf.dispose(train(x));
  train.save(join(folder, 'step'), { variables: 'inside' }); // the first time it makes what it needs
  const native = numNative();
  await assertNoLeak(() => train.save(join(folder, 'step'), { variables: 'inside' }));
  assert.equal(numNative(), native);
  assert.deepEqual(readdirSync(join(folder, 'step', 'variables')).sort(), [
    'variables.data-00000-of-00001',
    'variables.index',
  ]);
  const loaded = await tf.node.loadSavedModel(join(folder, 'step'));
  for (let step = 0; step < 3; step++) {
    const [here, there] = [train(x), loaded.predict({ input_0: x }) as tf.NamedTensorMap];
    for (const name of ['cost', 'count', 'doubled'] as const)
      assertClose(there[name], here[name], 1e-5, name);
    tf.dispose([here, there]);
  }
  loaded.dispose();
  train.dispose();
  optimizer.dispose();
  tf.dispose([kernel, bias, count]);
});

test('saved again with other values, it has those; without variables there are none', async () => {
  const w = tf.variable(tf.tensor1d([1, 2]));
  const f = compile((a: tf.Tensor) => tf.mul(a, w));
  f(x).dispose();
  f.save(join(folder, 'again'), { variables: 'inside' });
  w.assign(tf.tensor1d([3, 4]));
  f.save(join(folder, 'again'), { variables: 'inside' });
  const loaded = await tf.node.loadSavedModel(join(folder, 'again'));
  assertClose(loaded.predict(x) as tf.Tensor, tf.tensor2d([[3, 8]]), 0);
  loaded.dispose();
  const square = compile((a: tf.Tensor) => tf.square(a));
  square(x).dispose();
  square.save(join(folder, 'square'), { variables: 'inside' });
  assert.deepEqual(readdirSync(join(folder, 'square')), ['saved_model.pb']);
  w.dispose();
});

test('what draws, or returns nothing, is refused still', () => {
  const w = tf.variable(tf.scalar(1));
  const refused = (fn: (a: tf.Tensor) => unknown, message: RegExp) => {
    const f = compile(fn);
    tf.dispose(f(x) as tf.Tensor);
    assert.throws(() => f.save(join(folder, 'refused'), { variables: 'inside' }), message);
    f.dispose();
  };
  refused(a => tf.mul(tf.dropout(a, 0.5), w), /draws random numbers: save a function that only/);
  refused(a => w.assign(tf.sum(a)), /returns nothing: save one that returns a tensor/);
  w.dispose();
});
