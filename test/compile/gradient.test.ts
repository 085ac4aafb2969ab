/** A compiled function within tf.grad and tf.variableGrads: graphs from the second call on, and always the right numbers. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile } from '../../lib/compile/compile';
import { GradientCalls } from '../../lib/compile/gradient/gradient_calls';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';

const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);
const x = random([5, 4], 1);
const w = tf.variable(random([4, 3], 2));

/** Compiled, however small, and how often the function's own JavaScript runs. */
function counted<Args extends unknown[], Result>(fn: (...args: Args) => Result) {
  const count = { runs: 0 };
  const own = (...args: Args) => {
    count.runs++;
    return fn(...args);
  };
  const calls = new GradientCalls({ name: 'f', fn: own, wanted: [], seeds: { first: 1, calls: 0 } }, 8, 0);
  return { compiled: (...args: Args) => calls.call(args) as Result, count, dispose: () => calls.dispose() };
}

type Fn = (...args: tf.Tensor[]) => tf.Tensor;

/** Gradients by the arguments and by w, by a function that may be compiled, within other operations. */
function gradientsOf(fn: Fn, args: tf.Tensor[]): tf.Tensor[] {
  const loss = (...given: tf.Tensor[]) => tf.sum(tf.square(fn(...given.map(each => tf.mul(each, 2)))));
  const { grads, value } = tf.variableGrads(() => loss(...args) as tf.Scalar);
  return [value, ...tf.grads(loss)(args), ...Object.values(grads)];
}

/** Three times, with other values: the first is eager, the others are not. */
function assertSame(fn: Fn, args: tf.Tensor[]): void {
  const { compiled, count, dispose } = counted(fn);
  for (let call = 0; call < 3; call++) {
    const given = args.map(each => tf.add(each, call / 10));
    const before = count.runs;
    const found = gradientsOf(compiled, given);
    if (call === 2) assert.equal(count.runs, before, 'the last call runs graphs only');
    gradientsOf(fn, given).forEach((expected, i) => assertClose(found[i], expected, 1e-5, `gradient ${i}`));
    w.assign(tf.mul(w, 1.1));
  }
  dispose();
}

describe('the same gradients as without compile', () => {
  const captured = tf.tensor1d([1, -2, 3]);
  const functions: Record<string, Fn> = {
    'a layer': a => tf.tanh(tf.matMul(a as tf.Tensor2D, w as tf.Tensor2D)),
    'a captured tensor': a => tf.mul(tf.matMul(a as tf.Tensor2D, w as tf.Tensor2D), captured),
    'two arguments': (a, b) => tf.sub(tf.mul(a, tf.sigmoid(b)), tf.sum(w)),
    'a number on the way': a => tf.reshape(tf.softmax(tf.matMul(a as tf.Tensor2D, w as tf.Tensor2D)), [15]),
    'a gradient inside': a => tf.mul(a, tf.grad(each => tf.sum(tf.mul(tf.exp(each), tf.sum(w))))(a)),
    'one argument only': (a, b) => tf.mul(tf.exp(tf.mul(a, 0.1)), tf.sum(tf.mul(w, tf.sum(b)))),
  };
  for (const [name, fn] of Object.entries(functions)) {
    test(name, () => assertSame(fn, fn.length === 2 ? [x, random([5, 4], 3)] : [x]));
  }
  test('the same tensor twice', () => assertSame(a => tf.mul(a, tf.add(a, tf.sum(w))), [x]));
});

test('the gradient by a captured tensor that is what tf.grad is asked for', () => {
  const a = random([3], 4);
  const { compiled, count } = counted(() => tf.sum(tf.mul(tf.square(a), 3)));
  for (let call = 0; call < 3; call++) assertClose(tf.grad(() => compiled())(a), tf.mul(a, 6), 1e-6);
  assert.ok(count.runs > 1);
});

test('a tensor that is computed within the gradient and captured: right, if not fast', () => {
  let hidden: tf.Tensor = tf.scalar(0);
  const f = counted(() => tf.sum(tf.mul(hidden, hidden))).compiled;
  for (const value of [1, 2, 3, 4]) {
    const gradient = tf.grad(a => ((hidden = tf.square(a)), f()))(tf.scalar(value));
    assertClose(gradient, tf.scalar(4 * value ** 3), 1e-5);
  }
});

test('dropout: the backward pass has the same mask as the forward pass', () => {
  const { compiled, count } = counted((a: tf.Tensor) => tf.dropout(a, 0.5));
  const ones = tf.ones([200]);
  const masks = Array.from({ length: 4 }, () => {
    let output: tf.Tensor = ones;
    const gradient = tf.grad(a => ((output = tf.keep(compiled(a))), tf.sum(output)))(ones);
    assertClose(gradient, output, 0);
    return output.arraySync().toString();
  });
  assert.equal(new Set(masks).size, 4, 'another mask at each call');
  assert.ok(count.runs <= 5);
});

test('several results: a gradient comes back to some of them, and to others later', () => {
  const fn = (a: tf.Tensor) => ({
    loss: tf.sum(tf.square(a)),
    root: tf.sum(tf.sqrt(a)),
    label: tf.argMax(a),
    none: null,
  });
  const { compiled } = counted(fn);
  const positive = tf.tensor1d([1, 4, 0]);
  const byLoss = (f: typeof fn) => tf.grad(a => f(a).loss)(positive);
  const byRoot = (f: typeof fn) => tf.grad(a => f(a).root)(tf.tensor1d([1, 4, 9]));
  const byBoth = (f: typeof fn) => tf.grad(a => tf.add(f(a).root, f(a).loss))(tf.tensor1d([1, 4, 9]));
  // The root's own gradient is infinite at 0: no part of it may come in.
  for (let call = 0; call < 3; call++) assertClose(byLoss(compiled), byLoss(fn), 1e-6);
  for (let call = 0; call < 2; call++) assertClose(byRoot(compiled), byRoot(fn), 1e-6);
  for (let call = 0; call < 3; call++) assertClose(byBoth(compiled), byBoth(fn), 1e-6);
  for (let call = 0; call < 2; call++) assertClose(byLoss(compiled), byLoss(fn), 1e-6);
});

test('integers among the arguments and results', () => {
  const fn = (a: tf.Tensor, indices: tf.Tensor) => [tf.mul(tf.gather(a, indices), 3), tf.add(indices, 1)];
  const { compiled, count } = counted(fn);
  const indices = tf.tensor1d([1, 1, 2], 'int32');
  for (let call = 0; call < 3; call++) {
    const gradient = tf.grad(a => tf.sum(compiled(a, indices)[0]))(tf.ones([4]));
    assertClose(gradient, tf.tensor1d([0, 6, 3, 0]), 0);
  }
  assert.equal(count.runs, 3); // one by itself, two of the trace
});

test('gradients of gradients', () => {
  const f = counted((a: tf.Tensor) => tf.sum(tf.pow(a, 3))).compiled;
  const second = tf.grad(a => tf.sum(tf.grad(f)(a)));
  for (let call = 0; call < 3; call++) {
    assertClose(tf.grad(f)(tf.tensor1d([2, 3])), tf.tensor1d([12, 27]), 1e-4);
    assertClose(second(tf.tensor1d([2, 3])), tf.tensor1d([12, 18]), 1e-4);
  }
});

test('what it assigns to variables is assigned once', () => {
  const average = tf.variable(tf.scalar(0), false);
  const fn = (a: tf.Tensor) => (average.assign(tf.add(average, 1)), tf.sum(tf.mul(a, average)));
  const f = counted(fn).compiled;
  for (let call = 1; call < 4; call++) {
    assertClose(tf.grad(f)(tf.scalar(1)), tf.scalar(call), 0);
    assertClose(average, tf.scalar(call), 0);
  }
  average.dispose();
});

test('what a trace refuses goes on as it was', () => {
  const f = counted((a: tf.Tensor) => tf.mul(a, tf.sum(a).dataSync()[0])).compiled;
  for (let call = 0; call < 3; call++) assertClose(tf.grad(f)(tf.scalar(3)), tf.scalar(3), 0);
  const { compiled: listed } = counted((a: tf.Tensor, options: object) => (assert.ok(options), tf.square(a)));
  for (let call = 0; call < 3; call++) {
    assertClose(tf.grad(a => listed(a, new Date()))(tf.scalar(3)), tf.scalar(6), 0);
  }
});

test('a captured tensor that is disposed of and replaced', () => {
  let scale = tf.scalar(2);
  const f = counted((a: tf.Tensor) => tf.mul(a, scale)).compiled;
  for (const value of [2, 2, 2, 5, 5, 7]) {
    scale.dispose();
    scale = tf.scalar(value);
    assertClose(tf.grad(f)(tf.scalar(1)), tf.scalar(value), 0);
  }
});

test('an optimizer outside: a training that is the same, and leaves nothing over', async () => {
  const losses = [true, false].map(isCompiled => {
    const v = tf.variable(tf.ones([4, 3]));
    const forward = (a: tf.Tensor) => tf.relu(tf.matMul(a as tf.Tensor2D, v as tf.Tensor2D));
    const f = isCompiled ? counted(forward).compiled : forward;
    const optimizer = tf.train.momentum(0.01, 0.9);
    const step = () => optimizer.minimize(() => tf.mean<tf.Scalar>(tf.square(tf.sub(f(x), 1))), true, [v]);
    const found = Array.from({ length: 5 }, () => step()?.dataSync()[0] as number);
    return { found, step };
  });
  losses[0].found.forEach((loss, i) => assert.ok(Math.abs(loss - losses[1].found[i]) < 1e-5));
  await assertNoLeak(() => losses[0].step()?.dispose());
});

test('compile itself: large functions as graphs, small ones operation by operation', () => {
  for (const [length, runs] of [
    [20, 3],
    [1, 7],
  ]) {
    let count = 0;
    const f = compile((a: tf.Tensor) => {
      count++;
      return Array.from({ length }).reduce<tf.Tensor>(each => tf.sin(each), a);
    });
    for (let call = 0; call < 5; call++) tf.grad(f)(tf.scalar(0));
    assert.equal(count, runs, `${length} operations`);
    assertClose(tf.grad(f)(tf.scalar(0)), tf.scalar(1), 0);
    f.dispose();
  }
});
