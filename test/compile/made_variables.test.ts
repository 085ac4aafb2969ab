/** Variables that a compiled function makes at its first call: the slots of optimizers, layers built when first used. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile } from '../../lib/compile/compile';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose } from '../support/assert_close';

const x = tf.tensor1d([1, 2, 3]);
const numberOf = (tensor: tf.Tensor) => tensor.dataSync()[0];

describe("variables that are made if there are none yet: optimizers' and layers'", () => {
  const target = tf.tensor1d([1, -1, 2]);
  const optimizers: Record<string, () => tf.Optimizer> = {
    sgd: () => tf.train.sgd(0.1),
    momentum: () => tf.train.momentum(0.1, 0.9),
    adam: () => tf.train.adam(0.1),
    adamax: () => tf.train.adamax(0.1),
    rmsprop: () => tf.train.rmsprop(0.1, 0.9, 0.5),
    adagrad: () => tf.train.adagrad(0.1),
    adadelta: () => tf.train.adadelta(0.1),
  };
  for (const [name, make] of Object.entries(optimizers)) {
    test(`the first minimize of ${name}, and its count of steps`, () => {
      const results = [true, false].map(compiled => {
        const w = tf.variable(tf.tensor1d([0, 1, 2]));
        const optimizer = make();
        const minimize = (a: tf.Tensor) =>
          optimizer.minimize(() => tf.sum(tf.square(tf.sub(tf.mul(w, a), target))), true, [w]) as tf.Scalar;
        const step = compiled ? compile(minimize) : minimize;
        const losses = [1, 2, 3].map(() => numberOf(step(x)));
        return { losses, weights: [...w.dataSync()], steps: optimizer.iterations };
      });
      assert.equal(results[0].steps, 3);
      assertClose(tf.tensor1d(results[0].losses), tf.tensor1d(results[1].losses), 1e-4);
      assertClose(tf.tensor1d(results[0].weights), tf.tensor1d(results[1].weights), 1e-6);
    });
  }

  for (const [name, make] of Object.entries(optimizers)) {
    test(`the learning rate of ${name} can be changed from step to step, other settings too`, () => {
      const rates = [0.1, 0.1, 0.5, 0, 0.25];
      let traces = 0;
      const results = [true, false].map(compiled => {
        const w = tf.variable(tf.tensor1d([0, 1, 2]));
        const optimizer = make() as tf.Optimizer & {
          learningRate: number;
          epsilon?: number;
          setLearningRate?(rate: number): void;
        };
        const minimize = () => {
          traces++;
          optimizer.minimize(() => tf.sum(tf.square(tf.sub(w, target))), false, [w]);
        };
        const step = compiled ? compile(minimize) : minimize;
        for (const rate of rates) {
          if (optimizer.setLearningRate) optimizer.setLearningRate(rate);
          else optimizer.learningRate = rate;
          step();
          assert.equal(optimizer.learningRate, rate);
        }
        if (compiled) assert.ok(traces <= 3, 'traced once');
        if (optimizer.epsilon) optimizer.epsilon *= 1000;
        step();
        return w;
      });
      assertClose(results[0], results[1], 1e-6);
    });
  }

  test('a function that computes with the learning rate itself', () => {
    const w = tf.variable(tf.scalar(0));
    const optimizer = tf.train.adam(0.1) as tf.AdamOptimizer & { learningRate: number };
    const f = compile(() => {
      optimizer.minimize(() => tf.square(tf.sub(w, 1)).asScalar(), false, [w]);
      return tf.scalar(optimizer.learningRate * 10);
    });
    assertClose(f(), tf.scalar(1), 1e-6);
    optimizer.learningRate = 0.2;
    assertClose(f(), tf.scalar(2), 1e-6);
    const g = compile(() => {
      optimizer.minimize(() => tf.square(tf.sub(w, 1)).asScalar(), false, [w]);
      return tf.scalar(optimizer.learningRate);
    });
    optimizer.learningRate = 0;
    assertClose(g(), tf.scalar(0), 0);
    assertClose(w, tf.scalar(0.3), 1e-3);
  });

  test('after a refusal the optimizer works, and starts from the beginning', () => {
    const losses = [true, false].map(refused => {
      const w = tf.variable(tf.tensor1d([0, 1, 2]));
      const optimizer = tf.train.adam(0.1);
      const step = () =>
        optimizer.minimize(() => tf.sum(tf.square(tf.sub(w, target))), true, [w]) as tf.Scalar;
      if (refused)
        assert.throws(() => compile((a: tf.Tensor) => tf.mul(a, numberOf(step())))(x), /reads the values/);
      assert.equal(optimizer.iterations, 0);
      return [numberOf(step()), numberOf(step()), numberOf(compile(step)()), numberOf(step())];
    });
    assert.deepEqual(losses[0], losses[1]);
  });

  test('a layer that is built at its first call', () => {
    const layer = tf.layers.dense({ units: 2, kernelInitializer: 'glorotNormal' });
    const f = compile((a: tf.Tensor) => layer.apply(a) as tf.Tensor);
    const input = tf.tensor2d([[1, 2, 3]]);
    const first = f(input);
    assertClose(first, layer.apply(input) as tf.Tensor, 1e-6);
    assertClose(f(input), first, 0);
    assert.equal(f.inspect()[0].capturedVariables, 2);
  });

  test('one with a first value that depends on the argument', () => {
    let v: tf.Variable | undefined;
    const f = compile((a: tf.Tensor) => {
      v ??= tf.variable(tf.mul(a, 10));
      v.assign(tf.add(v, a));
      return tf.add(v, 0);
    });
    assertClose(f(tf.scalar(1)), tf.scalar(11), 0);
    assertClose(f(tf.scalar(2)), tf.scalar(13), 0);
    assertClose(v as tf.Tensor, tf.scalar(13), 0);
  });

  test('along with a tensor that later calls use', () => {
    let made: { v: tf.Variable; scale: tf.Tensor } | undefined;
    const f = compile((a: tf.Tensor) => {
      made ??= { v: tf.variable(tf.scalar(1)), scale: tf.keep(tf.mul(a, 5)) };
      made.v.assign(tf.add(made.v, 1));
      return tf.mul(made.v, made.scale);
    });
    assertClose(f(tf.scalar(2)), tf.scalar(20), 0);
    assertClose(f(tf.scalar(1)), tf.scalar(30), 0);
    assertClose(made?.scale as tf.Tensor, tf.scalar(10), 0);
  });

  test('a first call that does something else than later ones is refused', () => {
    let v: tf.Variable | undefined;
    const f = compile((a: tf.Tensor) => {
      if (v) return tf.add(a, v);
      v = tf.variable(tf.scalar(1));
      return tf.mul(a, 0);
    });
    assert.throws(() => f(x), /gives something else then than it would with the same variables later/);
  });

  test('and a state that it replaces besides: refused, and both are as they were', () => {
    let v: tf.Variable | undefined;
    let total: tf.Tensor = tf.scalar(1);
    const f = compile((a: tf.Tensor) => {
      v ??= tf.variable(tf.scalar(1));
      total = tf.keep(tf.add(total, tf.mul(a, v)));
      v.assign(tf.add(v, 1));
      return tf.mul(total, 1);
    });
    for (let i = 0; i < 2; i++) assert.throws(() => f(tf.scalar(3)), { name: 'CompileError' });
    assert.equal(numberOf(total), 1);
    assert.equal(numberOf(v as unknown as tf.Tensor), 1);
  });
});
