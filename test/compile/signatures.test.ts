import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile } from '../../lib/compile/compile';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';

const x = tf.tensor1d([1, 2, 3]);

describe('signatures', () => {
  test('each set of shapes and types has a graph; the least recently used goes first', () => {
    let traces = 0;
    const f = compile(
      (a: tf.Tensor) => {
        traces++;
        return tf.sum(a);
      },
      { maxSignatures: 2 },
    );
    const call = (size: number) => assertClose(f(tf.ones([size])), tf.scalar(size), 0);
    const tracedBy = (body: () => void) => {
      const before = traces;
      body();
      return traces > before;
    };
    assert.ok(tracedBy(() => call(3)));
    assert.ok(tracedBy(() => call(4)));
    assert.ok(!tracedBy(() => call(3)));
    assert.ok(tracedBy(() => call(5))); // 4 goes
    assert.ok(!tracedBy(() => call(3)));
    assert.ok(tracedBy(() => call(4)));
    assert.equal(f.inspect().length, 2);
    assert.ok(tracedBy(() => void f(tf.ones([4], 'int32'))));
  });

  test('dispose frees the graphs; a later call traces anew', async () => {
    const f = compile((a: tf.Tensor) => tf.add(a, 1));
    await assertNoLeak(() => f(x).dispose());
    f.dispose();
    assert.deepEqual(f.inspect(), []);
    assertClose(f(x), tf.tensor1d([2, 3, 4]), 0);
  });

  test('more of them than are kept: one warning, with what to do', async () => {
    const warnings: Error[] = [];
    const listener = (warning: Error) => {
      if (warning.message.includes('function batches')) warnings.push(warning);
    };
    process.on('warning', listener);
    const f = compile((a: tf.Tensor) => tf.neg(a), { name: 'batches', maxSignatures: 2 });
    for (let round = 0; round < 5; round++) for (const size of [1, 2, 3]) f(tf.ones([size])).dispose();
    await new Promise(setImmediate);
    process.off('warning', listener);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0].message,
      /compiled function batches .* batches of few sizes, .*inputShapes.*tf\.scalar.* maxSignatures/,
    );
  });
});

test('a variable that is no longer trained, and then again', () => {
  const [w, b] = [2, 1].map(value => tf.variable(tf.scalar(value)));
  const optimizer = tf.train.sgd(0.1);
  const step = compile((a: tf.Tensor) =>
    optimizer.minimize(() => tf.sum<tf.Scalar>(tf.add(tf.mul(a, w), b)), true),
  );
  const changes = [true, false, true].map(trainable => {
    w.trainable = trainable;
    const [before, bias] = [w, b].map(each => each.dataSync()[0]);
    step(x);
    assert.notEqual(b.dataSync()[0], bias);
    return w.dataSync()[0] !== before;
  });
  assert.deepEqual(changes, [true, false, true]);
});
