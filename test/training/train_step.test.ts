import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evaluate } from '../../lib/training/evaluate';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import { createModel } from '../../lib/model/model';
import { createOptimizer, sgd } from '../../lib/optimizers';
import { tf } from '../../lib/tfjs/tensorflow';
import { createTrainStep } from '../../lib/training/train_step';
import { assertClose, assertNoLeak } from '../support/assert_close';
import { smallData } from '../support/small_data';

const settings: HyperparametersInput = {
  numLayers: 2,
  numHidden: 8,
  dropout: 0.2,
  learningRate: 0.01,
  batchSize: 10,
};

function prepare(input: HyperparametersInput = {}) {
  const hyperparameters = parseHyperparameters({ ...settings, ...input });
  const { optimizer, seed } = hyperparameters;
  const train = smallData(100, { seed });
  const test = smallData(30, { seed: 99 });
  const model = createModel(hyperparameters, train);
  const trainStep = createTrainStep(model, { ...hyperparameters, optimizer: createOptimizer(optimizer) });
  return { model, trainStep, train, test };
}

describe('createTrainStep', () => {
  test('learns', async () => {
    const { trainStep, train } = prepare();
    const losses: number[] = [];
    for (let step = 0; step < 150; step++) losses.push((await trainStep(train.nextBatch(10))).loss);
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
    assert.ok(mean(losses.slice(-10)) < 0.3 * mean(losses.slice(0, 10)), losses.slice(-10).join());
  });

  for (const kind of ['basic', 'gru', 'lstm'] as const) {
    test(`leaves no tensor behind: ${kind}`, async () => {
      const { trainStep, train } = prepare({ cell: { kind }, optimizer: { kind: 'adam' }, clipNorm: 1 });
      await assertNoLeak(() => trainStep(train.nextBatch(10)));
    });
  }

  test('the update is the gradient step: one step of SGD moves each weight by rate × gradient', async () => {
    const { model, train } = prepare({ dropout: 0 });
    const before = Object.values(model.variables).map(variable => variable.clone());
    const step = (learningRate: number) => createTrainStep(model, { optimizer: sgd(), learningRate });
    const batch = train.nextBatch(10);
    await step(0.1)(batch);
    const moved = Object.values(model.variables).map((variable, i) => tf.sub(before[i], variable));
    Object.values(model.variables).forEach((variable, i) => variable.assign(before[i]));
    await step(0.2)(batch);
    Object.values(model.variables).forEach((variable, i) => {
      assertClose(tf.sub(before[i], variable), tf.mul(2, moved[i]), 1e-6);
    });
  });

  test('clipping bounds the norm of the whole update', async () => {
    const { model, train } = prepare({ dropout: 0 });
    const before = Object.values(model.variables).map(variable => variable.clone());
    await createTrainStep(model, { optimizer: sgd(), learningRate: 1, clipNorm: 1e-3 })(train.nextBatch(10));
    const squares = Object.values(model.variables).map(
      (v, i) => tf.sum(tf.square(tf.sub(v, before[i]))).dataSync()[0],
    );
    const norm = Math.sqrt(squares.reduce((a, b) => a + b));
    assert.ok(Math.abs(norm - 1e-3) < 1e-5, `${norm}`);
  });

  test('labels as class indices give what one-hot labels give', async () => {
    const loss = async (oneHot: boolean) =>
      (await prepare().trainStep(smallData(20, { seed: 5, oneHot }).nextBatch(20))).loss;
    assert.equal(await loss(true), await loss(false));
  });
});

describe('evaluate', () => {
  test('counts every example once, whatever the batch size', async () => {
    const { model, test: data } = prepare();
    const whole = await evaluate(model, data);
    const parts = await evaluate(model, data, { batchSize: 7 });
    assert.deepEqual(parts.predictions, whole.predictions);
    assert.deepEqual(parts.confusion, whole.confusion);
    assert.ok(Math.abs(parts.meanLoss - whole.meanLoss) < 1e-6);
    assert.equal(whole.numExamples, 30);
    const wrong = Array.from(data.labels).filter((label, i) => label !== whole.predictions[i]).length;
    assert.equal(whole.errorRate, wrong / 30);
    whole.confusion.forEach((row, label) => {
      const count = Array.from(data.labels).filter(each => each === label).length;
      assert.equal(
        row.reduce((a, b) => a + b),
        count,
      );
    });
  });

  test('refuses a set without images, and images that the model was not made for', async () => {
    const { model, test: data } = prepare();
    await assert.rejects(evaluate(model, data.take(0)), /Expected at least one test image, found none/);
    await assert.rejects(evaluate(model, smallData(10, { columns: 5 })), {
      name: 'UserError',
      message: /Expected test images of 4 × 3 pixels in 3 classes, .* found 4 × 5 pixels in 3 classes/,
    });
  });

  test('leaves no tensor behind', async () => {
    const { model, test: data } = prepare();
    await assertNoLeak(() => evaluate(model, data));
  });
});
