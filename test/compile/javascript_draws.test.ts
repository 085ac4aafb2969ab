/** tf.rand takes a function of JavaScript: it is called at each call, as far as Math.random alone decides what it draws. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompileError, compile, scan, tf } from '../../lib/compile';
import { assertNoLeak } from '../support/assert_close';

const ones = tf.ones([50]);
const values = (tensor: tf.Tensor) => [...tensor.dataSync()];

for (const [name, draw] of [
  ['Math.random itself', Math.random],
  ['a function of it', () => 1 + Math.random() * Math.random()],
] as const) {
  test(`${name}: drawn anew at each call, for results and for what is computed`, async () => {
    const from = draw === Math.random ? 0 : 1;
    const f = compile((a: tf.Tensor) => {
      const drawn = tf.rand([50], draw);
      return [drawn, tf.add(a, drawn), tf.rand([50], draw, 'int32')];
    });
    const calls = [f(ones), f(ones), f(ones)];
    assert.equal(new Set(calls.map(([drawn]) => values(drawn).join())).size, 3);
    for (const [drawn, sum, whole] of calls) {
      assert.ok(values(drawn).every(each => each >= from && each < from + 1));
      assert.deepEqual(values(sum), values(tf.add(drawn, 1)));
      assert.ok(values(whole).every(each => each === from));
    }
    tf.dispose(calls);
    await assertNoLeak(() => tf.dispose(f(ones)));
    f.dispose();
  });
}

test('numbers without chance are what they are', () => {
  const f = compile((a: tf.Tensor) => {
    let next = 1;
    return tf.add(
      a,
      tf.rand([50], () => next++),
    );
  });
  for (let call = 0; call < 2; call++) {
    assert.deepEqual(
      values(f(ones)),
      Array.from({ length: 50 }, (_, i) => i + 2),
    );
  }
  f.dispose();
});

test('what something else decides as well is refused, and so is reading it', () => {
  let counter = 0;
  const { random } = Math;
  const refused = (fn: (a: tf.Tensor) => tf.Tensor, message: RegExp) => {
    assert.throws(() => compile(fn)(ones), (error: unknown) => error instanceof CompileError && message.test(error.message)); // prettier-ignore
    assert.equal(Math.random, random);
  };
  const otherNumbers = /makes a tensor of other numbers each time/;
  refused(() => tf.rand([50], () => Math.random() + counter++), otherNumbers);
  refused(() => tf.rand([50], () => counter++), otherNumbers);
  refused(() => {
    const offset = Math.random();
    return tf.rand([50], () => offset + Math.random());
  }, otherNumbers);
  refused(() => {
    let own = 0;
    return tf.rand([50], () => own++ * Math.random());
  }, otherNumbers);
  refused(a => tf.add(a, tf.rand([1], Math.random).dataSync()[0]), /reads the values/);
  refused(a => tf.add(a, tf.square(tf.rand([1], Math.random)).dataSync()[0]), /reads the values/);
  const step = (x: tf.Tensor, h: tf.Tensor) => ({ output: h, state: tf.add(tf.add(x, h), tf.rand([], Math.random)) }); // prettier-ignore
  refused(a => scan(step, tf.unstack(a), tf.scalar(0)).state, /has a scan whose step/);
});

test('within a gradient it is drawn for both passes at once', () => {
  const f = compile((a: tf.Tensor) => {
    let h = a;
    for (let i = 0; i < 40; i++) h = tf.add(h, 0);
    return tf.sum(tf.mul(h, tf.rand([50], Math.random)));
  });
  const gradient = tf.valueAndGrad(f);
  for (let call = 0; call < 3; call++) {
    const { value, grad } = gradient(ones);
    assert.ok(Math.abs(values(tf.sum(grad))[0] - values(value)[0]) < 1e-3);
  }
  f.dispose();
});

test('tf.profile sees the operations of a compiled function', async () => {
  const f = compile((a: tf.Tensor) => tf.sum(tf.square(a)));
  f(ones).dispose();
  const { kernelNames } = await tf.profile(() => f(ones));
  assert.deepEqual([...kernelNames].sort(), ['Square', 'Sum']);
  f.dispose();
});
