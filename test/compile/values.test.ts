/** Values, shapes and types that a trace could get wrong: each compared with the same function run by itself. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile } from '../../lib/compile/compile';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';
import { rowsModel } from '../support/graph_model';

const matrix = tf.tensor2d([
  [1, 2, 3, 4],
  [5, 6, 7, 8],
]);

function assertSame(f: (...args: tf.Tensor[]) => tf.Tensor, ...args: tf.Tensor[]): void {
  const [expected, compiled] = [f(...args), compile(f)(...args)];
  assert.equal(compiled.dtype, expected.dtype);
  assertClose(compiled, expected, 1e-6);
}

describe('a stack of one and the same later part', () => {
  const halves = (a: tf.Tensor) => tf.split(tf.mul(a, 1.5), 2, 1)[1];
  const row = (a: tf.Tensor) => tf.unstack(tf.mul(a, 1.5))[1];
  /** What TensorFlow's optimiser finds to be the same. */
  const stacks: Record<string, (a: tf.Tensor) => tf.Tensor> = {
    'of split': a => (s => tf.stack([s, s]))(halves(a)),
    'of split, on the second axis': a => (s => tf.stack([s, s, s], 1))(halves(a)),
    'of split, on the last axis': a => (s => tf.stack([s, s, s], -1))(halves(a)),
    'of unstack': a => (s => tf.stack([s, s]))(row(a)),
    'of topk': a => (s => tf.stack([s, s]))(tf.topk(tf.mul(a, -1), 2).indices),
    'of splits of what comes down to the same': a =>
      (b => tf.stack([tf.unstack(b)[1], tf.unstack(tf.reshape(tf.reshape(b, [8]), [2, 4]))[1]]))(tf.neg(a)),
    'of two splits that do the same': a => tf.stack([halves(a), halves(a)]),
    'with operations that change nothing': a =>
      (s => tf.stack([tf.add(s, 0), tf.mul(s, 1), tf.reshape(tf.reshape(s, [2, 2]), [4])]))(row(a)),
    'transposed twice': a => (s => tf.stack([tf.transpose(tf.transpose(s)), s]))(halves(a)),
    'of stacks': a => (s => (p => tf.stack([p, p]))(tf.stack([s, s])))(row(a)),
    'in a gradient': a => tf.grad((b: tf.Tensor) => (s => tf.sum(tf.square(tf.stack([s, s]))))(halves(b)))(a),
  };
  for (const [name, stack] of Object.entries(stacks)) {
    test(name, () => assertSame(a => tf.add(stack(a), 1), matrix));
  }

  test('other stacks stay as they are', () => {
    const f = compile((a: tf.Tensor) => [
      tf.add(tf.stack([row(a), tf.unstack(tf.mul(a, 1.5))[0]]), 1),
      tf.add(tf.stack([tf.tanh(row(a)), tf.tanh(row(tf.neg(a)))]), 1),
    ]);
    f(matrix);
    assert.equal(f.inspect()[0].operations.Pack, 2);
  });
});

describe('shapes that depend on values', () => {
  const unique = (a: tf.Tensor) => tf.unique(a as tf.Tensor1D).values;
  const first = tf.tensor1d([1, 1, 2]);
  const second = tf.tensor1d([1, 2, 3]);

  test('are those of the call, where JavaScript does not read them', () => {
    const f = compile((a: tf.Tensor) => {
      const values = unique(a);
      return {
        values,
        sum: tf.sum(tf.mul(values, 2)),
        mean: tf.mean(values),
        rank: tf.fill([values.rank], 1),
      };
    });
    assertClose(f(first).values, tf.tensor1d([1, 2]), 0);
    const { values, sum, mean, rank } = f(second);
    assertClose(values, tf.tensor1d([1, 2, 3]), 0);
    assertClose(sum, tf.scalar(12), 0);
    assertClose(mean, tf.scalar(2), 0);
    assert.deepEqual(rank.shape, [1]);
    const boxes = tf.tensor2d([[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 3, 3]]); // prettier-ignore
    const g = compile((scores: tf.Tensor1D) =>
      tf.gather(boxes, tf.image.nonMaxSuppression(boxes, scores, 3, 0.5, 0.3)),
    );
    assert.deepEqual(g(tf.tensor1d([0.9, 0.8, 0.1])).shape, [1, 4]);
    assert.deepEqual(g(tf.tensor1d([0.9, 0.8, 0.7])).shape, [2, 4]);
  });

  const boxes = tf.tensor2d([[0, 0, 1, 1], [2, 2, 3, 3]]); // prettier-ignore
  const readers: Record<string, (a: tf.Tensor) => tf.Tensor> = {
    size: a => tf.scalar(unique(a).size),
    'a shape, further on': a => tf.scalar(tf.mul(tf.clone(unique(a)), 2).shape[0]),
    'a shape as a whole': a => tf.ones([...unique(a).shape]),
    'a condition on it': a => (unique(a).shape[0] === 0 ? a : tf.neg(a)),
    'nonMaxSuppression': a => tf.scalar(tf.image.nonMaxSuppression(boxes, tf.slice(a as tf.Tensor1D, [0], [2]), 2).shape[0]),
    'tfjs itself, to flatten': a => unique(a).flatten(),
    'tfjs itself, in a gradient': a => tf.grad((b: tf.Tensor) => tf.sum(tf.mul(unique(a), b)))(tf.ones([1])),
    'the mean by hand': a => tf.div(tf.sum(unique(a)), unique(a).size),
  }; // prettier-ignore
  for (const [name, f] of Object.entries(readers)) {
    test(`are refused where JavaScript reads them: ${name}`, () => {
      assert.throws(() => compile(f)(first), /reads a shape that depends on values.*values\.test\.ts/);
    });
  }

  test('of what cannot change can be read, and padded ones', () => {
    assertSame(a => tf.mul(a, tf.unique(tf.tensor1d([4, 4, 5])).values.size), first);
    assertSame(a => tf.mul(a, unique(second).shape[0]), first);
    assertSame(a => tf.mul(a, tf.unique(a as tf.Tensor1D).indices.size), first);
    assertSame(
      a => tf.scalar(tf.image.nonMaxSuppressionPadded(boxes, tf.slice(a as tf.Tensor1D, [0], [2]), 2, 0.5, 0, true).selectedIndices.size),
      first,
    ); // prettier-ignore
  });
});

describe('types', () => {
  test('the mean of booleans and integers, as in an accuracy', () => {
    const labels = tf.tensor1d([1, 0, 1], 'int32');
    assertSame(a => tf.mean(tf.equal(a, labels)), tf.tensor1d([1, 1, 1], 'int32'));
    assertSame(a => tf.mean(a, 0), tf.tensor2d([[1, 2], [4, 5]], [2, 2], 'int32')); // prettier-ignore
    const metric = (a: tf.Tensor) => tf.mean(tf.metrics.binaryAccuracy(tf.expandDims(labels, 1), a));
    assertSame(metric, tf.tensor2d([[0.7], [0.2], [0.1]]));
  });

  test('images decoded inside and outside', () => {
    const png = new Uint8Array(
      Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
        'base64',
      ),
    );
    assertSame(() => tf.node.decodePng(png, 3));
    assertSame(() => tf.add(tf.node.decodeImage(png, 3), 300));
    // An image straight from the decoder: TensorFlow has it as bytes, tfjs calls it int32.
    const bytes = (
      tf.backend() as unknown as { decodePng(png: Uint8Array, channels: number): tf.Tensor }
    ).decodePng(png, 3);
    const f = compile((a: tf.Tensor, b: tf.Tensor) => ({ sum: tf.add(a, b), a, captured: tf.mul(bytes, 2) }));
    const integers = tf.tensor3d([1, 2, 3], [1, 1, 3], 'int32');
    for (const a of [bytes, integers]) {
      const results = f(a, integers);
      assertClose(results.sum, a === bytes ? tf.tensor3d([[[256, 2, 3]]]) : tf.tensor3d([[[2, 4, 6]]]), 0);
      assert.deepEqual([...results.a.dataSync()], a === bytes ? [255, 0, 0] : [1, 2, 3]);
      assertClose(results.captured, tf.tensor3d([[[510, 0, 0]]]), 0);
    }
  });
});

describe('values that cannot change can be read', () => {
  const shape = tf.tensor1d([4, 2], 'int32');

  test('of captured tensors, of constants, and of what is computed from those alone', () => {
    assertSame(a => tf.reshape(a, [...shape.dataSync()]), matrix);
    assertSame(a => tf.mul(a, tf.sum(tf.mul(shape, 2)).dataSync()[0]), matrix);
    assertSame(a => tf.mul(a, tf.add(tf.tensor1d([1, 2]), 1).dataSync()[1]), matrix);
    const text = tf.scalar('text');
    assertSame(a => tf.mul(a, (text.dataSync() as unknown as string[])[0].length), matrix);
  });

  test('but not those of variables and arguments', () => {
    const v = tf.variable(tf.scalar(1));
    for (const read of [(): tf.Tensor => v, () => tf.add(v, 1), (a: tf.Tensor) => tf.mul(a, shape.size)]) {
      assert.throws(
        () => compile((a: tf.Tensor) => tf.mul(a, read(a).dataSync()[0]))(matrix),
        /reads the values .* decide with tf\.where \(at .*values\.test\.ts/,
      );
    }
    v.dispose();
  });
});

test('a GraphModel, which reads shapes and axes among its weights', async () => {
  const model = await rowsModel('Mean');
  assertSame(a => model.predict(a) as tf.Tensor, tf.reshape(matrix, [2, 2, 2]));
  model.dispose();
});

test('sums of thousands of products', () => {
  const [a, b] = [tf.ones([3, 2]), tf.ones([3, 2])];
  const f = compile((left: tf.Tensor2D, right: tf.Tensor2D) => {
    let sum: tf.Tensor = tf.zeros([2, 2]);
    for (let i = 0; i < 3000; i++) sum = tf.add(sum, tf.matMul(left, right, true));
    return sum;
  });
  assertClose(f(a as tf.Tensor2D, b as tf.Tensor2D), tf.fill([2, 2], 9000), 0);
});

test('a large array is an input, and freed with the graphs', async () => {
  const values = Float32Array.from({ length: 400_000 }, (_, i) => i);
  const two = tf.scalar(2);
  const expected = tf.tensor1d(values);
  const f = compile((a: tf.Tensor) => {
    const table = tf.tensor1d(values);
    return { mean: tf.mean(tf.mul(table, a)), table };
  });
  await assertNoLeak(() => {
    for (let i = 0; i < 2; i++) {
      const { mean, table } = f(two);
      assert.ok(Math.abs(mean.dataSync()[0] - 399_999) < 50);
      assertClose(table, expected, 0);
      tf.dispose([mean, table]);
    }
    const { constant, placeholder } = f.inspect()[0].operations;
    assert.deepEqual([constant, placeholder], [1, 2]); // the axis of the mean; the argument and the array
    f.dispose();
  });
});

test('a gradient that uses a tensor disposed of in between, whose data lasts', () => {
  const gradient = tf.grad((a: tf.Tensor) => tf.sum(tf.clone(tf.logSigmoid(tf.clone(a)))));
  assertSame(gradient, matrix);
});

test('in debug mode it runs operation by operation', () => {
  const f = compile((a: tf.Tensor) => tf.add(a, a.dataSync()[0]));
  const { warn, log } = console;
  console.warn = console.log = () => {}; // tfjs tells of each operation
  tf.env().set('DEBUG', true);
  try {
    assertClose(f(matrix), tf.add(matrix, 1), 0);
  } finally {
    tf.env().set('DEBUG', false);
    Object.assign(console, { warn, log });
  }
  assert.throws(() => f(matrix), /reads the values/);
});
