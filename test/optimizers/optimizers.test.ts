import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OptimizerSettings } from '../../lib/model/hyperparameters';
import { clipByGlobalNorm, createOptimizer } from '../../lib/optimizers';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose } from '../support/assert_close';
import { goldenCases, toTensor, type GoldenTensor } from '../support/golden';

interface OptimizerCase {
  optimizer: OptimizerSettings;
  learningRate: number;
  start: GoldenTensor;
  gradients: GoldenTensor[];
  values: GoldenTensor[];
}

describe("optimizers: golden numbers from TensorFlow's kernels, and of nesterov momentum from its formula", () => {
  for (const golden of [
    ...goldenCases<OptimizerCase>('optimizers'),
    ...goldenCases<OptimizerCase>('momentum'),
  ]) {
    const { kind, ...settings } = golden.optimizer;
    test(`${kind} ${JSON.stringify(settings)}, ${golden.gradients.length} steps`, () => {
      const rule = createOptimizer(golden.optimizer);
      const rate = tf.scalar(golden.learningRate);
      let value = toTensor(golden.start);
      let slots: Readonly<Record<string, tf.Tensor>> = Object.fromEntries(
        Object.entries(rule.slots).map(([name, start]) => [name, tf.fill(value.shape, start)]),
      );
      golden.gradients.forEach((gradient, i) => {
        const update = rule.update(toTensor(gradient), slots, rate, tf.scalar(i + 1), value);
        value = tf.sub(value, update.delta);
        slots = update.slots;
        assertClose(value, golden.values[i], 1e-6, `after step ${i + 1}`);
      });
    });
  }
});

interface ClipCase {
  gradients: GoldenTensor[];
  clipNorm: number;
  globalNorm: number;
  clipped: GoldenTensor[];
}

describe('clipByGlobalNorm', () => {
  for (const golden of goldenCases<ClipCase>('clip')) {
    test(`golden numbers: norm ${golden.globalNorm.toFixed(3)} clipped at ${golden.clipNorm}`, () => {
      const gradients = golden.gradients.map(g => toTensor(g));
      const { clipped, globalNorm } = clipByGlobalNorm(gradients, tf.scalar(golden.clipNorm));
      assert.ok(Math.abs(globalNorm.dataSync()[0] - golden.globalNorm) < 1e-5);
      clipped.forEach((gradient, i) => assertClose(gradient, golden.clipped[i], 1e-6));
    });
  }

  test('0 does not clip; a gradient of zeros stays zero', () => {
    const gradient = tf.tensor1d([300, -400]);
    assertClose(clipByGlobalNorm([gradient], tf.scalar(0)).clipped[0], gradient, 0);
    assertClose(clipByGlobalNorm([tf.zeros([2])], tf.scalar(1)).clipped[0], tf.zeros([2]), 0);
  });

  test('a norm that is not finite makes every gradient NaN', () => {
    for (const bad of [Infinity, NaN]) {
      const { clipped } = clipByGlobalNorm([tf.tensor1d([1, bad]), tf.tensor1d([1])], tf.scalar(1));
      clipped.forEach(gradient => assert.ok(gradient.dataSync().every(Number.isNaN)));
    }
  });
});

describe('adamw', () => {
  const rate = tf.scalar(0.1);
  const step = ({ kind, ...others }: OptimizerSettings, weights: tf.Tensor) => {
    const rule = createOptimizer({ kind, ...others });
    const slots = { m: tf.fill(weights.shape, 0.3), v: tf.fill(weights.shape, 0.2) };
    return rule.update(tf.onesLike(weights), slots, rate, tf.scalar(3), weights);
  };
  const [decaying, plain] = [
    { kind: 'adamw', beta1: 0.8, beta2: 0.9, epsilon: 1e-6, weightDecay: 0.5 },
    { kind: 'adam', beta1: 0.8, beta2: 0.9, epsilon: 1e-6 },
  ] as const;

  test('takes rate × weightDecay of each matrix beside the step of Adam, whose memory sees none of it', () => {
    const weights = tf.tensor2d([[1, -2], [3, 0]]); // prettier-ignore
    const [decayed, adam] = [step(decaying, weights), step(plain, weights)];
    assertClose(tf.sub(decayed.delta, adam.delta), tf.mul(0.05, weights), 1e-7);
    assertClose(decayed.slots.v, adam.slots.v, 0);
    assertClose(decayed.slots.m, adam.slots.m, 0);
  });

  test('lets biases be', () => {
    const bias = tf.tensor1d([1, -2]);
    assertClose(step(decaying, bias).delta, step(plain, bias).delta, 0);
  });
});
