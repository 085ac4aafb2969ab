import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { readRun } from '../../lib/runs/read_run';
import { fork } from '../../lib/training/create_run';
import { continueTraining, train } from '../../lib/views/train';
import { numbersOf, quiet, runsFolder, smallRun, smallSets, weightsOf } from '../support/training';

const directory = runsFolder();

describe('fork', () => {
  test('starts where the first run left, with other settings; the first stays as it is', async () => {
    const run = smallRun(directory, {}, { name: 'first' });
    await train(run, { observers: [{ step: ({ step }) => step === 8 && run.stop() }] });
    const other = fork(run, smallSets(), { learningRate: 0.001, epochs: 3 }, quiet);
    assert.notEqual(other.folder, run.folder);
    assert.deepEqual(numbersOf(other.history), numbersOf(run.history));
    assert.deepEqual(weightsOf(other), weightsOf(run));
    await train(other, quiet);
    assert.deepEqual([run.history.train.length, other.history.train.length], [8, 30]);
    const { info, hyperparameters, train: points } = readRun(other.folder);
    assert.deepEqual(info.parent, { folder: readRun(run.folder).id, step: 8 });
    assert.equal(hyperparameters.learningRate, 0.001);
    assert.equal(points.length, 30);
    const same = fork(run.folder, smallSets(), {}, quiet);
    await train(same, quiet);
    await continueTraining(run, quiet);
    assert.deepEqual(numbersOf(same.history), numbersOf(run.history));
  });

  test('another network is refused, and no folder is left', async () => {
    const run = smallRun(directory, { epochs: 1 });
    await train(run, quiet);
    const before = readdirSync(directory).length;
    assert.throws(
      () => fork(run, smallSets(), { numHidden: 9 }, quiet),
      /to fit the network, found that it lacks/,
    );
    assert.throws(
      () => fork(run, smallSets(), {}, { ...quiet, step: 3 }),
      /a checkpoint of step 3 in .*found step-/,
    );
    assert.equal(readdirSync(directory).length, before);
  });
});
