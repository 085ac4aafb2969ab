/** One graph for all sizes of a dimension. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { compile, type CompileOptions } from '../../lib/compile/compile';
import { scan } from '../../lib/compile/scan';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';

const folder = mkdtempSync(join(tmpdir(), 'scanline-open-'));
after(() => rmSync(folder, { recursive: true }));

type Shapes = CompileOptions['inputShapes'];
type Fn = (...args: tf.Tensor[]) => tf.Tensor;

const random = (shape: number[]) => tf.randomNormal(shape, 0, 1, 'float32', shape.length);

/** The compiled function gives what the function gives, in shape and numbers, from one graph for all these shapes. */
function assertServed(fn: Fn, inputShapes: Shapes, calls: number[][][], graphs = 1): void {
  const compiled = compile(fn, { inputShapes });
  for (const shapes of calls) {
    const args = shapes.map(random);
    assertClose(compiled(...args), fn(...args), 1e-5, JSON.stringify(shapes));
  }
  assert.equal(compiled.inspect().length, graphs);
  compiled.dispose();
}

const batches = [[[32, 4]], [[5, 4]], [[2, 4]], [[1, 4]], [[200, 4]]];

describe('one graph for all batch sizes', () => {
  const w = tf.variable(random([4, 3]));
  const dense = (x: tf.Tensor) => tf.matMul(x, w);

  const functions: Record<string, Fn> = {
    'a product': dense,
    'shapes that are read': x => tf.reshape(dense(x), [x.shape[0] * 3, 1]),
    'a reshape to several sizes': x => tf.reshape(x, [2, x.shape[0], 2]),
    'sizes in several places': x => tf.reshape(tf.tile(x, [x.shape[0], 1]), [x.shape[0], x.shape[0], 4]),
    'arrays of ones': x => tf.add(x, tf.ones([x.shape[0], 1])),
    'a range': x => tf.mul(x, tf.expandDims(tf.range(0, x.shape[0], 1, 'float32'), 1)),
    'a slice to the end': x => tf.slice(x, [1, 0], [x.shape[0] - 1, 4]),
    'a mean by its own division': x => tf.div(tf.sum(x, 0), x.shape[0]),
    'a mean by a factor': x => tf.mul(tf.sum(x, 0), 0.5 / x.shape[0]),
    'a concatenation': x => tf.concat([x, tf.zeros([x.shape[0], 2])], 1),
    'one-hot vectors': x => tf.oneHot(tf.argMax(x, 1), 4),
    moments: x => tf.div(tf.sub(x, tf.moments(x, 0).mean), tf.sqrt(tf.moments(x, 0).variance.add(1))),
    'a gradient of a mean': x =>
      tf.variableGrads(() => tf.mean<tf.Scalar>(tf.square(dense(x))), [w]).grads[w.name],
    'a gradient by the argument': tf.grad(x => tf.sum(tf.softmax(dense(x)).mul(tf.square(dense(x))))),
    'a loss': x => tf.losses.softmaxCrossEntropy(tf.oneHot(tf.argMax(x, 1), 3), dense(x)),
  };
  for (const [name, fn] of Object.entries(functions)) {
    test(name, () => assertServed(fn, [[null, 4]], batches.slice(0, name.includes('slice') ? 3 : 5)));
  }
});

test('a layer network with convolutions and a recurrent layer', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 2, kernelSize: 3, activation: 'relu' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.batchNormalization(),
      tf.layers.reshape({ targetShape: [3, 6] }),
      tf.layers.gru({ units: 3 }),
      tf.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  const calls = [[[4, 8, 8, 1]], [[7, 8, 8, 1]], [[1, 8, 8, 1]]];
  assertServed(x => model.apply(x) as tf.Tensor, [[null, 8, 8, 1]], calls);
  model.dispose();
});

test('a window that small sizes are too small for', () => {
  const kernel = random([3, 2, 2]) as tf.Tensor3D;
  assertServed(
    x => tf.conv1d(x as tf.Tensor3D, kernel, 1, 'valid'),
    [[null, null, 2]],
    [[[2, 7, 2]], [[3, 4, 2]]],
  );
});

test('several open dimensions: batch and time, images and labels', () => {
  const attention = (x: tf.Tensor) => {
    const [batch, time, width] = x.shape;
    const scores = tf.matMul(x, x, false, true).div(Math.sqrt(width));
    return tf.reshape(tf.matMul(tf.softmax(scores), x), [batch * time, width]);
  };
  assertServed(attention, [[null, null, 3]], [[[4, 5, 3]], [[2, 9, 3]], [[1, 6, 3]]]);
  const both = (x: tf.Tensor, y: tf.Tensor) => tf.concat([x, y], 0);
  // Of equal sizes first, then not: two graphs.
  assertServed(both, [[null, 2], [null, 2]], [[[4, 2], [4, 2]], [[5, 2], [5, 2]], [[3, 2], [6, 2]], [[8, 2], [7, 2]]], 2); // prettier-ignore
});

test('a size for which the function does something else has a graph of its own', () => {
  const squeezed = (x: tf.Tensor) => tf.squeeze(x);
  assertServed(squeezed, [[null, 3]], [[[1, 3]], [[4, 3]], [[5, 3]], [[1, 3]]], 2);
});

describe('what cannot be one graph is refused', () => {
  const refused = (fn: Fn, message: RegExp) => {
    const compiled = compile(fn, { inputShapes: [[null, 4]] });
    assert.throws(() => compiled(random([6, 4])), { name: 'CompileError', message });
    assert.deepEqual(compiled.inspect(), []);
  };

  test('a loop over the dimension', () => {
    refused(
      x => tf.unstack(x).reduce((sum, row) => tf.add(sum, row)),
      /Unpack is 2 first, 3 then.*: give that dimension its size in inputShapes.*input_shapes\.test\.ts:\d+/,
    );
    refused(x => {
      let sum = tf.scalar(0) as tf.Tensor;
      for (let i = 0; i < x.shape[0]; i++) sum = tf.add(sum, tf.slice(x, [i, 0], [1, 4]));
      return sum;
    }, /does something else where the unknown dimensions of inputShapes are 3/);
  });

  test('a condition on a size, also on one that is far from that of the call', () => {
    refused(x => (x.shape[0] > 500 ? tf.neg(x) : tf.abs(x)), /Abs once, Neg then|does something else/);
    refused(x => (x.shape[0] < 4 ? tf.neg(x) : tf.abs(x)), /does something else/);
  });

  test('numbers that are no multiples of it', () => {
    refused(x => tf.mul(x, Math.log(x.shape[0])), /gives Mul the array \[0\.69\d*\] at one size/);
    refused(x => tf.add(x, tf.eye(x.shape[0], 4)), /no sum of products/);
  });

  test('a scan', () => {
    const step = (_: tf.Scalar, state: tf.Tensor) => ({ output: state, state: tf.tanh(state) });
    refused(x => scan(step, 40, x).state, /runs a scan, whose sizes are fixed/);
  });

  test('what must have a certain size', () => {
    refused(
      x => tf.add(x, tf.ones([6, 4])),
      /fails where the unknown dimensions .* are 2 .*certain size.*input_shapes\.test\.ts:\d+/,
    );
  });

  test('a loop over parts of it, as tf.layers predicts batches of 32', () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [4] })] });
    refused(x => model.predict(x) as tf.Tensor, /does something else where .* are 1009/);
    model.dispose();
  });
});

test('the shapes of a call are checked, and the option itself', () => {
  const compiled = compile((x: tf.Tensor) => tf.neg(x), { inputShapes: [[null, 4]] });
  assert.throws(
    () => compiled(tf.ones([2, 5])),
    /shape \[null, 4\] as number 1 .*found one of shape \[2, 5\]/,
  );
  assert.throws(() => compiled(tf.ones([4])), /found one of shape \[4\]/);
  assert.throws(() => compile((x: tf.Tensor) => x, { inputShapes: [[-1]] }), /Expected a list of shapes/);
});

test('no tensor is left over', async () => {
  const compiled = compile((x: tf.Tensor) => tf.mean(tf.square(x), 1), { inputShapes: [[null, 4]] });
  await assertNoLeak(() => tf.tidy(() => void [3, 1, 5].map(size => compiled(random([size, 4])))));
  compiled.dispose();
});

test('a training step keeps its optimizer and its random numbers', () => {
  const w = tf.variable(tf.ones([4, 1]));
  const optimizer = tf.train.adam(0.1);
  const step = compile(
    (x: tf.Tensor) =>
      optimizer.minimize(
        () => tf.mean(tf.square(tf.dropout(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), 0.5))),
        true,
      ),
    { inputShapes: [[null, 4]] },
  );
  const losses = [80, 30, 160].map(size => (step(tf.ones([size, 4])) as tf.Scalar).dataSync()[0]);
  assert.equal(step.inspect().length, 1);
  assert.equal(optimizer.iterations, 3);
  assert.ok(losses.every(loss => loss > 0 && loss <= 64));
  w.dispose();
});

test('an array without elements has the size that is left open', () => {
  assertServed(x => tf.concat([x, tf.zeros([x.shape[0], 0])], 1), [[null, 3]], [[[2, 3]], [[5, 3]]]);
});

test('a saved graph leaves the size open', async () => {
  const w = tf.variable(random([4, 2]));
  const f = compile(
    (x: tf.Tensor2D) => ({ logits: tf.reshape(tf.matMul(x, w as tf.Tensor2D), [x.shape[0], 2]) }),
    {
      inputShapes: [[null, 4]],
    },
  );
  f(tf.ones([3, 4]));
  f.save(folder);
  const [{ signatureDefs }] = await tf.node.getMetaGraphsFromSavedModel(folder);
  assert.deepEqual(signatureDefs.serving_default.inputs.input_0.shape?.map(Number), [-1, 4]);
  assert.deepEqual(signatureDefs.serving_default.outputs.logits.shape?.map(Number), [-1, 2]);
  const model = await tf.node.loadSavedModel(folder);
  for (const size of [1, 6]) {
    const x = random([size, 4]) as tf.Tensor2D;
    assertClose((model.predict({ input_0: x }) as tf.NamedTensorMap).logits, f(x).logits, 1e-6);
  }
  model.dispose();
  w.dispose();
});
