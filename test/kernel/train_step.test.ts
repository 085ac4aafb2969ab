/** The way from a cell to TensorFlow and back, in one piece: also what `npm run test:node` tries under each Node. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useTrainingKernel } from '../training/training_kernel';

const training = useTrainingKernel();

test('a cell makes compiled training steps, and Node has nothing to complain of', limit, async () => {
  const { stdout, stderr } = await training.run(`
    const trainStep = createTrainStep(made.run.model, { optimizer: rmsProp(), learningRate: 0.01 });
    const losses: number[] = [];
    for (let step = 0; step < 30; step++) losses.push((await trainStep(few.train.nextBatch(64))).loss);
    console.log(losses[29] < losses[0]);`);
  assert.equal(stdout, 'compiling the training step into one TensorFlow graph, some seconds\ntrue\n');
  assert.equal(stderr, '');
});
