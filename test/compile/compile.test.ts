import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile } from '../../lib/compile/compile';
import { dropout } from '../../lib/tfjs/dropout';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';

const x = tf.tensor1d([1, 2, 3]);

describe('compile gives what the function gives', () => {
  test('nested lists and records, in and out', () => {
    const f = compile((a: { x: tf.Tensor; more: tf.Tensor[] }, b: tf.Tensor) => ({
      sum: tf.add(a.x, b),
      list: [tf.mul(a.x, 2), [a.more[1], { deep: tf.sum(b) }]],
    }));
    const result = f({ x, more: [tf.scalar(5), tf.scalar(6)] }, tf.tensor1d([10, 20, 30]));
    assertClose(result.sum, tf.tensor1d([11, 22, 33]), 0);
    const [twice, [more, { deep }]] = result.list as [tf.Tensor, [tf.Tensor, { deep: tf.Tensor }]];
    assertClose(twice, tf.tensor1d([2, 4, 6]), 0);
    assertClose(more, tf.scalar(6), 0);
    assertClose(deep, tf.scalar(60), 0);
  });

  test('arguments are read at each call, also one tensor in two places', () => {
    const f = compile((a: tf.Tensor, b: tf.Tensor) => tf.sub(a, b));
    assertClose(f(x, x), tf.zeros([3]), 0);
    assertClose(f(x, tf.ones([3])), tf.tensor1d([0, 1, 2]), 0);
    assertClose(f(tf.ones([3]), x), tf.tensor1d([0, -1, -2]), 0);
  });

  test('an argument, a variable or a constant as the result', () => {
    const v = tf.variable(tf.scalar(1));
    const f = compile((a: tf.Tensor) => ({ a, v, c: tf.scalar(7), twice: [a, a] }));
    f(x);
    v.assign(tf.scalar(2));
    const result = f(tf.tensor1d([4, 5, 6]));
    assertClose(result.a, tf.tensor1d([4, 5, 6]), 0);
    assertClose(result.twice[1], tf.tensor1d([4, 5, 6]), 0);
    assertClose(result.v, tf.scalar(2), 0);
    assertClose(result.c, tf.scalar(7), 0);
    v.dispose();
  });

  test('no arguments; types other than float', () => {
    const v = tf.variable(tf.tensor1d([true, false], 'bool'));
    const f = compile(() => ({ not: tf.logicalNot(v), where: tf.where(v, [1, 2], [3, 4]) }));
    assertClose(f().not, tf.tensor1d([false, true], 'bool'), 0);
    assert.equal(f().not.dtype, 'bool');
    assertClose(f().where, tf.tensor1d([1, 4]), 0);
    v.dispose();
  });

  test('a new axis, of every type, with its gradient', () => {
    const f = (a: tf.Tensor) => ({
      float: tf.expandDims(a, 1),
      int: tf.expandDims(tf.cast(a, 'int32')),
      bool: tf.expandDims(tf.greater(a, 1), 0),
      gradient: tf.grad((b: tf.Tensor) => tf.sum(tf.square(tf.expandDims(b, 1))))(a),
    });
    const [expected, compiled] = [f(x), compile(f)(x)];
    for (const name of ['float', 'int', 'bool', 'gradient'] as const) {
      assertClose(compiled[name], expected[name], 0, name);
      assert.equal(compiled[name].dtype, expected[name].dtype);
    }
  });

  test('gradients', () => {
    const w = tf.variable(tf.tensor1d([1, -2, 3]));
    const f = (a: tf.Tensor) =>
      tf.variableGrads(() => tf.sum<tf.Scalar>(tf.tanh(tf.mul(a, tf.square(w)))), [w]);
    const expected = f(x);
    const { value, grads } = compile(f)(x);
    assertClose(value, expected.value, 1e-6);
    assertClose(Object.values(grads)[0], Object.values(expected.grads)[0], 1e-6);
    w.dispose();
  });

  test('a convolution with its gradient', () => {
    const images = tf.randomNormal<tf.Rank.R4>([2, 6, 6, 3], 0, 1, 'float32', 1);
    const filters = tf.variable(tf.randomNormal<tf.Rank.R4>([3, 3, 3, 4], 0, 1, 'float32', 2));
    const f = (a: tf.Tensor4D) =>
      tf.variableGrads(() => tf.sum<tf.Scalar>(tf.square(tf.maxPool(tf.relu(tf.conv2d(a, filters as tf.Tensor4D, 1, 'same')), 2, 2, 'valid'))), [filters]); // prettier-ignore
    const expected = f(images);
    const compiled = compile(f)(images);
    assertClose(compiled.value, expected.value, 1e-2);
    assertClose(Object.values(compiled.grads)[0], Object.values(expected.grads)[0], 1e-3);
    filters.dispose();
  });

  test("a stock tf.layers model's forward pass", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.gru({
          units: 5,
          inputShape: [4, 3],
          recurrentInitializer: 'glorotNormal',
          returnSequences: true,
        }),
        tf.layers.lstm({ units: 4, recurrentInitializer: 'glorotNormal' }),
        tf.layers.dense({ units: 2, activation: 'softmax' }),
      ],
    });
    const batch = tf.randomNormal([6, 4, 3], 0, 1, 'float32', 3);
    const expected = model.apply(batch) as tf.Tensor;
    const f = compile((input: tf.Tensor) => model.apply(input) as tf.Tensor);
    assertClose(f(batch), expected, 1e-6);
    assertClose(f(batch), expected, 1e-6);
    model.dispose();
  });

  test('dropout with a seed: the same masks inside and outside a graph, other ones for another seed', () => {
    const big = tf.ones([50, 50]);
    const f = compile((seed: tf.Tensor1D) => dropout(big, 0.5, seed));
    const masks = [1, 2, 1].map(step => {
      const seed = tf.tensor1d([9, step], 'int32');
      const compiled = f(seed);
      assertClose(compiled, dropout(big, 0.5, seed), 0);
      return compiled.dataSync().join();
    });
    assert.equal(masks[0], masks[2]);
    assert.notEqual(masks[0], masks[1]);
  });
});

describe('variables', () => {
  test('are read anew at each call', () => {
    const v = tf.variable(tf.scalar(2));
    const f = compile((a: tf.Tensor) => tf.mul(a, v));
    assertClose(f(x), tf.tensor1d([2, 4, 6]), 0);
    v.assign(tf.scalar(10));
    assertClose(f(x), tf.tensor1d([10, 20, 30]), 0);
    v.dispose();
  });

  test('are assigned at each call, and read after the assignment give the new value', () => {
    const v = tf.variable(tf.scalar(1));
    const f = compile((a: tf.Tensor) => {
      const before = tf.add(v, 0);
      v.assign(tf.add(v, tf.sum(a)));
      const between = tf.add(v, 0);
      v.assign(tf.mul(v, 2));
      return { before, between, after: tf.add(v, 0) };
    });
    for (const start of [1, 14, 40]) {
      assertClose(v, tf.scalar(start), 0);
      const { before, between, after } = f(x);
      assertClose(before, tf.scalar(start), 0);
      assertClose(between, tf.scalar(start + 6), 0);
      assertClose(after, tf.scalar(2 * (start + 6)), 0);
      assertClose(v, tf.scalar(2 * (start + 6)), 0);
      v.assign(tf.scalar(start === 1 ? 14 : 40));
    }
    v.dispose();
  });

  test('a trace that fails leaves them as they were', () => {
    const v = tf.variable(tf.scalar(3));
    const f = compile((a: tf.Tensor) => {
      v.assign(tf.scalar(99));
      a.dataSync();
      return a;
    });
    assert.throws(() => f(x), /reads the values/);
    assertClose(v, tf.scalar(3), 0);
    v.dispose();
  });

  test('an outside copy of the value stays what it was', () => {
    const v = tf.variable(tf.scalar(1));
    const copy = v.clone();
    const f = compile((a: tf.Tensor) => tf.add(tf.mul(a, copy), v));
    assertClose(f(tf.scalar(10)), tf.scalar(11), 0);
    v.assign(tf.scalar(5));
    assertClose(f(tf.scalar(10)), tf.scalar(15), 0);
    v.dispose();
  });

  test('a disposed one gives a clear error', () => {
    const v = tf.variable(tf.scalar(1));
    const f = compile((a: tf.Tensor) => tf.mul(a, v));
    f(x);
    v.dispose();
    assert.throws(() => f(x), /uses a variable from outside that was disposed/);
  });
});

describe('tensors captured from outside', () => {
  test('are inputs: neither copied nor frozen, whatever made them', () => {
    const scale = tf.randomUniform([3], 0, 1, 'float32', 1);
    const f = compile((a: tf.Tensor) => tf.mul(a, scale));
    assertClose(f(x), tf.mul(x, scale), 0);
    assert.equal(f.inspect()[0].operations.constant, undefined);
  });

  test('a disposed one gives a clear error', () => {
    const scale = tf.tensor1d([1, 2, 3]);
    const f = compile((a: tf.Tensor) => tf.mul(a, scale));
    f(x);
    scale.dispose();
    assert.throws(() => f(x), /uses a tensor from outside that was disposed since: keep it/);
  });
});

describe('functions within functions', () => {
  test('one function called from two compiled ones, and a compiled one from a compiled one', () => {
    const v = tf.variable(tf.scalar(0));
    const count = (a: tf.Tensor) => {
      v.assign(tf.add(v, 1));
      return tf.mul(a, 2);
    };
    const counted = compile(count);
    const first = compile((a: tf.Tensor) => tf.add(count(a), 1));
    const second = compile((a: tf.Tensor) => tf.sub(counted(a), 1));
    for (let i = 0; i < 2; i++) {
      assertClose(first(x), tf.tensor1d([3, 5, 7]), 0);
      assertClose(second(x), tf.tensor1d([1, 3, 5]), 0);
      assertClose(counted(x), tf.tensor1d([2, 4, 6]), 0);
    }
    assertClose(v, tf.scalar(6), 0);
    v.dispose();
  });
});

test('neither traces nor runs leave a tensor behind, and tf.keep inside does not either', async () => {
  const v = tf.variable(tf.scalar(1));
  const f = compile((a: tf.Tensor) => {
    const kept = tf.keep(tf.mul(a, 3));
    v.assign(tf.sum(a));
    return { kept, grad: tf.grad((b: tf.Tensor) => tf.sum(tf.square(b)))(a) };
  });
  await assertNoLeak(() => tf.dispose(f(x)));
  await assertNoLeak(() => tf.dispose(f(x)));
  await assertNoLeak(() => tf.tidy(() => void f(x)));
  v.dispose();
});
