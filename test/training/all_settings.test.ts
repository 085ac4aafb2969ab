import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import { readRun } from '../../lib/runs/read_run';
import { fork, resume } from '../../lib/training/create_run';
import { train } from '../../lib/views/train';
import { numbersOf, quiet, runsFolder, smallRun, smallSets, weightsOf } from '../support/training';

const directory = runsFolder();

/** All that a better recipe may take, at once. */
const recipe: HyperparametersInput = {
  schedule: { kind: 'oneCycle', divFactor: 10 },
  warmupSteps: 4,
  augmentation: {
    kind: 'elastic',
    shift: 1,
    rotation: 10,
    scaling: 0.1,
    shear: 5,
    elasticAlpha: 2,
    elasticSigma: 1,
  },
  labelSmoothing: 0.1,
  optimizer: { kind: 'adamw', weightDecay: 0.05 },
  averageDecay: 0.9,
  clipNorm: 1,
  dropout: 0.3,
  epochs: 3,
};

const until = (last: number) => ({
  observers: [{ step: ({ step }: { step: number }, run: { stop(): void }) => step === last && run.stop() }],
});

test('every setting of a recipe is another one than by default', () => {
  for (const name of [
    'schedule',
    'warmupSteps',
    'augmentation',
    'labelSmoothing',
    'optimizer',
    'averageDecay',
  ] as const)
    assert.notDeepEqual(recipe[name], defaultHyperparameters[name]);
});

test('with all of them a run that was stopped and resumed twice is the same as at once, bit for bit', async () => {
  const [whole, parts] = [smallRun(directory, recipe), smallRun(directory, recipe)];
  await train(whole, quiet);
  await train(parts, until(7)); // within the warm-up's cycle, and an epoch
  const second = resume(parts.folder, smallSets(), quiet);
  await train(second, until(16));
  second.dispose();
  const rest = resume(parts.folder, smallSets(), quiet);
  await train(rest, quiet);
  assert.equal(rest.history.train.length, 30);
  assert.deepEqual(numbersOf(rest.history), numbersOf(whole.history));
  assert.deepEqual(numbersOf(readRun(parts.folder)), numbersOf(whole.history));
  assert.deepEqual(weightsOf(rest), weightsOf(whole));
  assert.deepEqual(weightsOf({ model: rest.averagedModel! }), weightsOf({ model: whole.averagedModel! }));
});

test('so is a fork without changes, which goes on from a checkpoint', async () => {
  const whole = smallRun(directory, recipe);
  await train(whole, until(11));
  const forked = fork(whole, smallSets(), {}, quiet);
  await train(whole, quiet);
  await train(forked, quiet);
  assert.deepEqual(numbersOf(forked.history), numbersOf(whole.history));
  assert.deepEqual(weightsOf({ model: forked.averagedModel! }), weightsOf({ model: whole.averagedModel! }));
});
