import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHyperparameters } from '../../lib/model/hyperparameters';
import { createModel } from '../../lib/model/model';
import { rmsProp } from '../../lib/optimizers';
import { rememberWeights } from '../../lib/training/remember_weights';
import { tf } from '../../lib/tfjs/tensorflow';
import { createTrainStep } from '../../lib/training/train_step';
import { smallData } from '../support/small_data';
import { small } from '../support/training';

test('a training from the remembered weights, with the same order, repeats the first one exactly', async () => {
  const data = smallData(100);
  const model = createModel(parseHyperparameters(small), data);
  const startAgain = rememberWeights(model.variables);
  const order = data.state();
  const losses = async (learningRate: number) => {
    startAgain();
    data.restore(order);
    const trainStep = createTrainStep(model, { optimizer: rmsProp(), learningRate, seed: 1, log: () => {} });
    const found = [];
    for (let step = 0; step < 5; step++) found.push((await trainStep(data.nextBatch(10))).loss);
    trainStep.dispose();
    return found;
  };
  const first = await losses(0.01);
  const { numTensors } = tf.memory();
  const other = await losses(0.1);
  assert.equal(other[0], first[0]);
  assert.notEqual(other[4], first[4]);
  assert.deepEqual(await losses(0.01), first);
  assert.equal(tf.memory().numTensors, numTensors);
});
