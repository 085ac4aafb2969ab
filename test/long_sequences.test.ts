import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DataSet } from '../lib/data';
import { disposeModel, evaluate } from '../lib/training/evaluate';
import {
  parseHyperparameters,
  type Hyperparameters,
  type HyperparametersInput,
} from '../lib/model/hyperparameters';
import { createModel, createOutputLayer, type SequenceClassifier } from '../lib/model/model';
import { createOptimizer } from '../lib/optimizers';
import { createRandom } from '../lib/base/random';
import { DropoutWrapper, dynamicRnn, MinimalGatedUnitCell, MultiRNNCell } from '../lib/rnn';
import { tf } from '../lib/tfjs/tensorflow';
import { createTrainStep } from '../lib/training/train_step';
import { assertNoLeak } from './support/assert_close';

/** Images of 16 × 16 pixels: 256 time steps, pixel by pixel. */
function noise(numExamples: number): DataSet {
  const random = createRandom(1);
  const size = { rows: 16, columns: 16, numClasses: 3, oneHot: true };
  const images = Uint8Array.from({ length: numExamples * 256 }, () => random.integer(256));
  const labels = Uint8Array.from({ length: numExamples }, (_, i) => i % 3);
  return new DataSet({ images, labels, ...size }, random.fork('order'));
}

const pixels: HyperparametersInput = {
  sequence: { kind: 'pixels' },
  numLayers: 1,
  numHidden: 3,
  dropout: 0.5,
  optimizer: { kind: 'sgd' },
  learningRate: 0.1,
};

/** The losses of three training steps, and that of a test. */
async function run(settings: HyperparametersInput, create = createModel) {
  const hyperparameters = parseHyperparameters({ ...pixels, ...settings });
  const data = noise(8);
  const model = create(hyperparameters, data);
  const lines: string[] = [];
  const optimizer = createOptimizer(hyperparameters.optimizer);
  const log = (line: string) => void lines.push(line);
  const trainStep = createTrainStep(model, { ...hyperparameters, optimizer, log });
  const losses: number[] = [];
  for (let i = 0; i < 3; i++) losses.push((await trainStep(data.nextBatch(4))).loss);
  losses.push((await evaluate(model, data, { batchSize: 5 })).meanLoss);
  trainStep.dispose();
  disposeModel(model);
  return { inChunks: model.inChunks, losses, lines };
}

/** The same network as createModel's, in one graph whatever its length. */
function inOneGraph({ numHidden, dropout, seed }: Hyperparameters): SequenceClassifier {
  const cell = new DropoutWrapper(new MinimalGatedUnitCell(numHidden), { outputKeepProb: 1 - dropout });
  const network = new MultiRNNCell([cell]).build(1, createRandom(seed).fork('weights'));
  const output = createOutputLayer(numHidden, 3, seed);
  return {
    variables: { ...network.variables, ...output.variables },
    logits(images, pass) {
      const { outputs } = dynamicRnn(network, tf.reshape(images, [-1, 256, 1]), pass);
      return output.call(outputs[outputs.length - 1]);
    },
  };
}

describe('a model of long sequences', () => {
  test('trains as a loop, and in chunks, as in one graph of all time steps', async () => {
    const settings = { cell: { kind: 'mgu' } } as const;
    const whole = await run(settings, inOneGraph);
    assert.match(whole.lines.join(), /the training step into one TensorFlow graph/);
    const [loop, chunks] = [await run(settings), await run({ ...settings, truncation: 255 })];
    assert.deepEqual([loop.inChunks, chunks.inChunks], [false, true]);
    assert.match(chunks.lines.join(), /chunks of the sequence/);
    loop.losses.forEach((loss, i) => {
      assert.ok(Math.abs(loss - whole.losses[i]) < 1e-5, `number ${i}: ${loss} and ${whole.losses[i]}`);
    });
    assert.ok(Math.abs(chunks.losses[0] - whole.losses[0]) < 1e-5);
  });

  test('trains otherwise where the gradient is truncated', async () => {
    const [whole, truncated] = [await run({}), await run({ truncation: 1 })];
    assert.ok(Math.abs(whole.losses[0] - truncated.losses[0]) < 1e-6, 'the first loss is before any step');
    assert.ok(Math.abs(whole.losses[2] - truncated.losses[2]) > 1e-6, 'the others are not');
  });

  test('leaves nothing behind', async () => {
    await assertNoLeak(() => run({ bidirectional: true, pooling: { kind: 'mean' }, truncation: 100 }));
  });
});
