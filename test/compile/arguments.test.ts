/** What a compiled function takes and gives. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile } from '../../lib/compile/compile';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';

const x = tf.tensor1d([1, 2, 3]);

describe('results', () => {
  test('nothing, an empty list, and null or undefined within others', async () => {
    const v = tf.variable(tf.scalar(0));
    const count = compile(() => {
      v.assign(tf.add(v, 1));
    });
    assert.equal(count(), undefined);
    assert.equal(count(), undefined);
    assertClose(v, tf.scalar(2), 0);
    assert.equal(compile(() => null)(), null);
    const empty = compile(() => []);
    assert.deepEqual(empty(), []);
    assert.deepEqual(compile(() => ({}))(), {});
    const f = compile((a: tf.Tensor) => ({
      none: null,
      missing: undefined,
      list: [undefined, tf.add(a, 1)],
    }));
    const { none, missing, list } = f(x);
    assert.deepEqual([none, missing, list[0]], [null, undefined, undefined]);
    assertClose(list[1] as tf.Tensor, tf.tensor1d([2, 3, 4]), 0);
    await assertNoLeak(() => tf.dispose(f(x).list[1]));
    v.dispose();
  });

  test('numbers are refused: they would never change', () => {
    assert.throws(() => compile(() => [3])(), { name: 'CompileError', message: /found the number 3/ });
  });
});

describe('fixed arguments', () => {
  test('numbers, booleans, texts, null and undefined: a graph for each of them', () => {
    let traces = 0;
    const f = compile(
      (a: tf.Tensor, scale: number, { square, name }: { square?: boolean; name: string | null }) => {
        traces++;
        const scaled = tf.mul(a, scale);
        const result = square ? tf.square(scaled) : scaled;
        return name === 'neg' ? tf.neg(result) : result;
      },
    );
    for (let i = 0; i < 2; i++) {
      assertClose(f(x, 2, { name: null }), tf.tensor1d([2, 4, 6]), 0);
      assertClose(f(x, 3, { name: null }), tf.tensor1d([3, 6, 9]), 0);
      assertClose(f(x, 2, { square: true, name: null }), tf.tensor1d([4, 16, 36]), 0);
      assertClose(f(x, 2, { square: false, name: 'neg' }), tf.tensor1d([-2, -4, -6]), 0);
    }
    assert.equal(f.inspect().length, 4);
    assert.equal(traces, 8);
  });

  test('values that are nearly the same are not the same', () => {
    const f = compile((a: unknown) => tf.scalar(typeof a === 'number' ? 1 / a : String(a)));
    assert.equal(f(0).dataSync()[0], Infinity);
    assert.equal(f(-0).dataSync()[0], -Infinity);
    assert.ok(Number.isNaN(f(NaN).dataSync()[0]));
    const texts = ['1', 'null', null, undefined, true, 'true', 1n, '1n', 'float32 [3]', '"', '", "'];
    for (const each of texts) assert.equal((f(each).dataSync() as unknown as string[])[0], String(each));
    const g = compile((...args: unknown[]) => tf.scalar(JSON.stringify(args)));
    const lists = [
      [],
      [[]],
      [[], []],
      [['a', 'b']],
      [['a", "b']],
      [{ a: 1 }],
      [{ 'a: 1': 1 }],
      [undefined],
      [{}],
    ];
    for (const args of lists) {
      assert.equal((g(...args).dataSync() as unknown as string[])[0], JSON.stringify(args));
    }
  });

  test('a variable: read and assigned at each call, each one with a graph of its own', () => {
    const [v, w] = [1, 10].map(value => tf.variable(tf.scalar(value)));
    const f = compile((variable: tf.Variable, { by }: { by: tf.Tensor }) => {
      variable.assign(tf.add(variable, by));
      const { grads } = tf.variableGrads(() => tf.square(variable).asScalar(), [variable]);
      return grads[variable.name];
    });
    assertClose(f(v, { by: tf.scalar(1) }), tf.scalar(4), 0);
    assertClose(f(w, { by: tf.scalar(2) }), tf.scalar(24), 0);
    assertClose(f(v, { by: tf.scalar(3) }), tf.scalar(10), 0);
    assert.deepEqual([v.dataSync()[0], w.dataSync()[0]], [5, 12]);
    v.assign(tf.scalar(0));
    assertClose(f(v, { by: tf.scalar(1) }), tf.scalar(2), 0);
    tf.dispose([v, w]);
  });
});

describe('within a gradient', () => {
  test('of its arguments, of variables, and of a gradient', () => {
    const w = tf.variable(tf.tensor1d([1, -2, 3]));
    const f = compile((a: tf.Tensor) => tf.sum<tf.Scalar>(tf.mul(tf.square(a), w)));
    f(x);
    assertClose(tf.grad((a: tf.Tensor) => f(a))(x), tf.tensor1d([2, -8, 18]), 1e-6);
    const { value, grads } = tf.variableGrads(() => f(x), [w]);
    assertClose(value, tf.scalar(20), 1e-6);
    assertClose(grads[w.name], tf.tensor1d([1, 4, 9]), 1e-6);
    const slope = tf.grad((a: tf.Tensor) => tf.sum(tf.square(tf.grad((b: tf.Tensor) => f(b))(a))));
    assertClose(slope(x), tf.tensor1d([8, 64, 216]), 1e-4);
    w.dispose();
  });
});
