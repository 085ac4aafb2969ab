/** What lasts from call to call: in closures, variables and layers, after traces that succeed and that fail. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile } from '../../lib/compile/compile';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';

const x = tf.tensor1d([1, 2, 3]);
const numberOf = (tensor: tf.Tensor) => tensor.dataSync()[0];

describe('a state that the function replaces itself', () => {
  const isRefused = (f: () => unknown) =>
    assert.throws(
      f,
      /uses another tensor from outside each time .* keep it in a tf\.Variable.*state\.test\.ts/,
    );

  test('is refused at each call, and keeps its value', async () => {
    const start = tf.scalar(5);
    let total: tf.Tensor = start;
    const f = compile((a: tf.Tensor) => {
      total = tf.keep(tf.add(total, a));
      return total.clone();
    });
    const one = tf.scalar(1);
    for (let i = 0; i < 3; i++) {
      await assertNoLeak(() => isRefused(() => f(one)));
      assert.equal(numberOf(total), 5);
    }
    assert.equal(numberOf(tf.add(total, 1)), 6);
    assert.equal(numberOf(start), 5);
  });

  test('without tf.keep, disposed of, two at once, or only read', () => {
    let loose: tf.Tensor = tf.scalar(1);
    isRefused(() => compile((a: tf.Tensor) => (loose = tf.mul(loose, a)))(tf.scalar(2)));
    assert.equal(numberOf(loose), 1);

    let freed: tf.Tensor = tf.scalar(1);
    isRefused(() =>
      compile((a: tf.Tensor) => {
        const next = tf.keep(tf.add(freed, a));
        freed.dispose();
        freed = next;
        return tf.mul(next, 1);
      })(tf.scalar(2)),
    );
    assert.equal(numberOf(freed), 1);

    let [mean, count] = [tf.scalar(3) as tf.Tensor, tf.scalar(4) as tf.Tensor];
    const f = compile((a: tf.Tensor) => {
      count = tf.keep(tf.add(count, 1));
      mean = tf.keep(tf.add(tf.mul(mean, 0.5), a));
      return tf.div(mean, count);
    });
    isRefused(() => f(tf.scalar(2)));
    assert.deepEqual([numberOf(mean), numberOf(count)], [3, 4]);

    let seed: tf.Tensor = tf.scalar(7);
    isRefused(() => {
      const g = compile((a: tf.Tensor) => {
        const drawn = numberOf(seed);
        seed = tf.keep(tf.add(seed, 0));
        return tf.mul(a, drawn);
      });
      g(x);
    });
  });

  test('one of several tensors in turn', () => {
    const all = [tf.scalar(1), tf.scalar(2)];
    let calls = 0;
    isRefused(() => compile((a: tf.Tensor) => tf.mul(a, all[calls++ % 2]))(x));
  });

  test('that is missing at the first call is refused at every later one too', () => {
    let mean: tf.Tensor | undefined;
    const f = compile((a: tf.Tensor) => {
      const next = mean ? tf.add(mean.mul(0.9), tf.mul(a, 0.1)) : tf.mul(a, 1);
      mean = tf.keep(next);
      return next.clone();
    });
    for (let i = 0; i < 3; i++) {
      assert.throws(() => f(tf.scalar(i)), { name: 'CompileError' });
    }
  });

  test('of a layer of tf.layers: it goes on as before', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.lstm({
          units: 2,
          stateful: true,
          batchInputShape: [1, 2, 3],
          recurrentInitializer: 'zeros',
        }),
      ],
    });
    const input = tf.ones([1, 2, 3]);
    const expected = model.predict(input) as tf.Tensor;
    model.resetStates();
    isRefused(() => compile((a: tf.Tensor) => model.predict(a) as tf.Tensor)(input));
    assertClose(model.predict(input) as tf.Tensor, expected, 0);
    // Refused for another reason, when it has already replaced its state.
    model.resetStates();
    const read = compile((a: tf.Tensor) => tf.mul(a, numberOf(model.predict(a) as tf.Tensor)));
    assert.throws(() => read(input), /reads the values/);
    assertClose(model.predict(input) as tf.Tensor, expected, 0);
    model.dispose();
  });
});

describe('what the function uses or keeps outside', () => {
  test('a captured tensor as the result stays with its owner', async () => {
    const mine = tf.tensor1d([4, 5]);
    const f = compile(() => ({ mine, again: [mine] }));
    await assertNoLeak(() => tf.dispose(f()));
    assertClose(f().again[0], tf.tensor1d([4, 5]), 0);
    assertClose(mine, tf.tensor1d([4, 5]), 0);
  });

  test('tf.keep inside leaves nothing behind; its use outside is an error that says why', async () => {
    let kept: tf.Tensor | undefined;
    const f = compile((a: tf.Tensor) => {
      kept = tf.keep(tf.mul(a, 3));
      tf.keep(tf.mul(a, 4));
      return tf.add(a, 1);
    });
    await assertNoLeak(() => tf.dispose(f(x)));
    for (const use of [() => kept?.dataSync(), () => tf.add(kept as tf.Tensor, 1), () => kept?.clone()]) {
      assert.throws(use, /made while a compiled function was traced.* return it from that function/);
    }
    assert.ok(kept?.isDisposed);
  });

  test('it may dispose of what it does not use, but not of what its graph reads', () => {
    let cache: tf.Tensor | undefined = tf.scalar(1);
    const old = cache;
    const f = compile((a: tf.Tensor) => {
      cache?.dispose();
      cache = undefined;
      return tf.add(a, 1);
    });
    assertClose(f(tf.scalar(1)), tf.scalar(2), 0);
    assert.ok(old.isDisposed);

    const used = tf.scalar(2);
    const g = compile((a: tf.Tensor) => {
      const result = tf.mul(a, used);
      used.dispose();
      return result;
    });
    assert.throws(() => g(x), /disposed since|disposes of a tensor/);
    assert.equal(numberOf(used), 2);
    const v = tf.variable(tf.scalar(3));
    assert.throws(() => compile((a: tf.Tensor) => (v.dispose(), a))(x), /disposes of a variable/);
    assert.equal(numberOf(v), 3);
    v.dispose();
  });

  test('a captured tensor that was disposed and replaced since: the function is traced anew', () => {
    let scale = tf.scalar(2);
    const f = compile((a: tf.Tensor) => tf.mul(a, scale));
    assertClose(f(x), tf.tensor1d([2, 4, 6]), 0);
    scale.dispose();
    scale = tf.scalar(3);
    assertClose(f(x), tf.tensor1d([3, 6, 9]), 0);
    assert.equal(f.inspect().length, 1);
    // Also one whose values it has only read.
    const g = compile((a: tf.Tensor) => tf.mul(a, numberOf(scale)));
    assertClose(g(x), tf.tensor1d([3, 6, 9]), 0);
    scale.dispose();
    scale = tf.scalar(4);
    assertClose(g(x), tf.tensor1d([4, 8, 12]), 0);
  });

  test('promises of a refused function trouble nobody', async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listener);
    const mask = tf.tensor1d([1, 0, 1], 'bool');
    const functions: ((a: tf.Tensor) => unknown)[] = [
      (a: tf.Tensor) => tf.booleanMaskAsync(a, mask),
      (a: tf.Tensor) => [tf.whereAsync(tf.greater(a, 1)), tf.whereAsync(tf.greater(a, 2))],
      async (a: tf.Tensor) => tf.scalar((await a.data())[0]),
      async (a: tf.Tensor) => (await Promise.resolve(), tf.add(a, 1)),

      (a: tf.Tensor) => (a.data().then(() => {}), tf.add(a, 1)),
    ];
    for (const fn of functions) assert.throws(() => compile(fn)(x), { name: 'CompileError' });
    await new Promise(resolve => setTimeout(resolve, 20));
    process.off('unhandledRejection', listener);
    assert.deepEqual(unhandled, []);
  });
});
