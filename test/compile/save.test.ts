import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compile } from '../../lib/compile/compile';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';

const folder = mkdtempSync(join(tmpdir(), 'scanline-saved-'));
after(() => rmSync(folder, { recursive: true }));

const x = tf.tensor2d([[1, 2]]);

/** The names of a saved function's inputs and outputs. */
async function endpointsOf(name: string): Promise<string[][]> {
  const [{ signatureDefs }] = await tf.node.getMetaGraphsFromSavedModel(join(folder, name));
  const { inputs, outputs } = signatureDefs.serving_default;
  return [Object.keys(inputs).sort(), Object.keys(outputs).sort()];
}

test('a saved function gives the same when it is loaded, with the values that it had', async () => {
  const weights = tf.variable(tf.tensor2d([[1, 2], [3, 4]])); // prettier-ignore
  const offset = tf.scalar(0.5);
  const f = compile((images: tf.Tensor2D, { scale, by }: { scale: tf.Tensor; by: number }) => {
    const logits = tf.add(tf.mul(tf.matMul(images, weights as tf.Tensor2D), tf.mul(scale, by)), offset);
    return { logits, classes: tf.argMax(logits, 1), none: null };
  });
  const expected = f(x, { scale: tf.scalar(2), by: 3 });
  f.save(join(folder, 'model'));
  weights.assign(tf.zeros([2, 2]));
  const model = await tf.node.loadSavedModel(join(folder, 'model'));
  assert.deepEqual(await endpointsOf('model'), [
    ['input_0', 'scale'],
    ['classes', 'logits'],
  ]);
  const { logits, classes } = model.predict({ input_0: x, scale: tf.scalar(2) }) as tf.NamedTensorMap;
  assertClose(logits, expected.logits, 1e-6);
  assert.equal(classes.shape[0], 1);
  // The graph itself goes on with the variable.
  assertClose(f(x, { scale: tf.scalar(2), by: 3 }).logits, tf.tensor2d([[0.5, 0.5]]), 0);
  model.dispose();
  weights.dispose();
});

test('a function that was traced alone can be saved; nothing of it has run', async () => {
  const count = tf.variable(tf.scalar(0));
  let traces = 0;
  const f = compile((a: tf.Tensor) => {
    traces++;
    count.assign(tf.add<tf.Scalar>(count, 1));
    return tf.square(a);
  });
  await assertNoLeak(() => {
    f.trace(x);
    f.trace(x);
    f.dispose();
  });
  f.trace(x);
  const traced = traces;
  f.save(join(folder, 'traced'), { variables: 'inside' });
  assert.equal(count.dataSync()[0], 0);
  assertClose(f(x), tf.tensor2d([[1, 4]]), 0);
  assert.deepEqual([count.dataSync()[0], traces], [1, traced]);
  count.dispose();
});

test('one tensor in, one out', async () => {
  const f = compile((a: tf.Tensor) => tf.square(a));
  f(x);
  f.save(join(folder, 'square'));
  const model = await tf.node.loadSavedModel(join(folder, 'square'));
  assert.deepEqual(await endpointsOf('square'), [['input_0'], ['output']]);
  assertClose(model.predict(x) as tf.Tensor, tf.tensor2d([[1, 4]]), 0);
  model.dispose();
});

test('what cannot be saved says why', () => {
  const v = tf.variable(tf.scalar(1));
  const refused = (fn: (a: tf.Tensor) => tf.Tensor, message: RegExp, isCalled = true) => {
    const f = compile(fn);
    if (isCalled) f(x);
    assert.throws(() => f.save(join(folder, 'refused')), message);
  };
  refused(a => a, /has no graph yet .*: call it once/, false);
  refused(
    a => (v.assign(tf.add(v, 1)), tf.mul(a, 1)),
    /assigns to variables: save a function that only computes/,
  );
  refused(a => tf.dropout(a, 0.5), /draws random numbers/);
  v.dispose();
});
