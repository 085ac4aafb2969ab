/** A network gives the same as one graph and operation by operation: what the speed rests on. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { batchTensors } from '../../lib/model/batch_tensors';
import { compile } from '../../lib/compile/compile';
import {
  parseHyperparameters,
  type Hyperparameters,
  type HyperparametersInput,
} from '../../lib/model/hyperparameters';
import { kindsOf } from '../../lib/settings/kinds';
import { softmaxCrossEntropy } from '../../lib/model/loss';
import { createModel } from '../../lib/model/model';
import { createOptimizer } from '../../lib/optimizers';
import * as cells from '../../lib/rnn/cells/cells';
import { Pass } from '../../lib/rnn/pass';
import { tf } from '../../lib/tfjs/tensorflow';
import { createTrainStep } from '../../lib/training/train_step';
import { assertClose } from '../support/assert_close';
import { smallData } from '../support/small_data';

const choices = [
  ...kindsOf(cells).map(({ name }) => ({ kind: name })),
  { kind: 'lstm', peepholes: true },
] as HyperparametersInput['cell'][];
const batchSize = 10;
const data = (numExamples: number, seed: number) => smallData(numExamples, { seed, columns: 9 }); // a grid's block

function settings(cell: HyperparametersInput['cell'], numLayers: number) {
  return parseHyperparameters({
    cell,
    numLayers,
    numHidden: 8,
    dropout: 0.3,
    learningRate: 0.2,
    batchSize,
  });
}

for (const cell of choices) {
  describe(`compiled and eager agree: ${JSON.stringify(cell)}`, () => {
    // Step by step a grid or layer norm is thousands of operations.
    const large = /grid|layerNorm/i.test(cell?.kind ?? '');

    test('logits and gradients of a training pass', () => {
      const model = createModel(settings(cell, large ? 1 : 2), data(10, 1));
      const batch = batchTensors(data(batchSize, 1).nextBatch(batchSize));
      const pass = (images: tf.Tensor3D, labels: tf.Tensor2D, seed: tf.Tensor1D) => {
        const logits = model.logits(images, new Pass(seed));
        const { value, grads } = tf.variableGrads(
          () => softmaxCrossEntropy(model.logits(images, new Pass(seed)), labels),
          Object.values(model.variables),
        );
        return { logits, value, grads };
      };
      const seed = tf.tensor1d([5, 6], 'int32');
      const eager = tf.tidy(() => pass(batch.images, batch.labels, seed));
      const compiled = compile(pass)(batch.images, batch.labels, seed);
      assertClose(compiled.logits, eager.logits, 1e-5);
      assertClose(compiled.value, eager.value, 1e-5);
      assert.ok(Object.keys(eager.grads).length >= 4);
      for (const [name, gradient] of Object.entries(eager.grads)) {
        assertClose(compiled.grads[name], gradient, 1e-5, name);
      }
    });

    // Large steps instead of many: rounding errors grow just as far, and it learns in fewer.
    for (const [numLayers, steps] of large
      ? [[1, 30]]
      : [
          [1, 40],
          [2, 20],
        ]) {
      // prettier-ignore
      test(`the loss of each of ${steps} training steps with ${numLayers} layers`, async () => {
        const [compiled, eager] = [true, false].map(each => train(settings(cell, numLayers), steps, each));
        const expected = await eager;
        (await compiled).forEach((loss, i) => {
          const both = `${loss} compiled, ${expected[i]} eager`;
          assert.ok(Math.abs(loss - expected[i]) < 1e-3, `step ${i + 1}: ${both}`);
        });
        if (steps === 40) assert.ok(Math.min(...expected) < 0.7 * expected[0], 'it learns');
      });
    }
  });
}

/** The loss of each step. */
async function train(hyperparameters: Hyperparameters, steps: number, compile: boolean): Promise<number[]> {
  const images = data(100, 3);
  const optimizer = createOptimizer(hyperparameters.optimizer);
  const model = createModel(hyperparameters, images);
  const trainStep = createTrainStep(model, { ...hyperparameters, optimizer, compile, log: () => {} });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push((await trainStep(images.nextBatch(batchSize))).loss);
  return losses;
}
