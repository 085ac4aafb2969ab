/** A network gives the same as one graph and operation by operation: what the speed rests on. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { batchTensors } from '../../lib/batch_tensors';
import { compile } from '../../lib/compile/compile';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/hyperparameters';
import { softmaxCrossEntropy } from '../../lib/loss';
import { createModel } from '../../lib/model';
import { createOptimizer } from '../../lib/optimizers';
import { Pass } from '../../lib/rnn/pass';
import { tf } from '../../lib/tensorflow';
import { createTrainStep } from '../../lib/train_step';
import { assertClose } from '../support/assert_close';
import { smallData } from '../support/small_data';

const cells: HyperparametersInput['cell'][] = [
  { kind: 'basic' },
  { kind: 'gru' },
  { kind: 'lstm' },
  { kind: 'lstm', peepholes: true },
];
const batchSize = 10;

function settings(cell: HyperparametersInput['cell']) {
  return parseHyperparameters({
    cell,
    numLayers: 2,
    numHidden: 8,
    dropout: 0.3,
    learningRate: 0.01,
    batchSize,
  });
}

for (const cell of cells) {
  describe(`compiled and eager agree: ${JSON.stringify(cell)}`, () => {
    test('logits and gradients of a training pass', () => {
      const model = createModel(settings(cell), smallData(10, { seed: 1 }));
      const batch = batchTensors(smallData(batchSize, { seed: 1 }).nextBatch(batchSize));
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
      assert.ok(Object.keys(eager.grads).length > 4);
      for (const [name, gradient] of Object.entries(eager.grads)) {
        assertClose(compiled.grads[name], gradient, 1e-5);
      }
    });

    test('the loss of each of 200 training steps', async () => {
      const train = async (compile: boolean) => {
        const hyperparameters = settings(cell);
        const data = smallData(100, { seed: 3 });
        const trainStep = createTrainStep(createModel(hyperparameters, data), {
          ...hyperparameters,
          optimizer: createOptimizer(hyperparameters.optimizer),
          compile,
          log: () => {},
        });
        const losses: number[] = [];
        for (let step = 0; step < 200; step++) losses.push((await trainStep(data.nextBatch(batchSize))).loss);
        return losses;
      };
      const [compiled, eager] = [await train(true), await train(false)];
      compiled.forEach((loss, i) => {
        assert.ok(Math.abs(loss - eager[i]) < 1e-3, `step ${i + 1}: ${loss} compiled, ${eager[i]} eager`);
      });
      assert.ok(eager[199] < 0.7 * eager[0], 'it learns');
    });
  });
}
