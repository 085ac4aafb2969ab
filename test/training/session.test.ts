/** A loop of the user's own: step by step, on the machinery of `train`. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, test } from 'node:test';
import { beginTraining, continueTraining, fork, readRun, resume, runCurves, train } from '../../lib';
import { numbersOf, quiet, runsFolder, smallRun, smallSets, weightsOf } from '../support/training';

const directory = runsFolder();

describe('beginTraining', () => {
  test('a loop that makes the steps and tests of train gives its numbers, and ends finished', async () => {
    const expected = smallRun(directory);
    await train(expected, quiet);
    const run = smallRun(directory);
    const told: string[] = [];
    const note = (event: string) => () => void told.push(event);
    const observer = { begin: note('begin'), step: note('step'), test: note('test'), end: note('end') };
    const training = await beginTraining(run, { observers: [observer] });
    assert.equal(run.status, 'training');
    for (let epoch = 0; epoch < 2; epoch++) {
      for (let step = 1; step <= run.stepsPerEpoch; step++) {
        const { errorRate } = await training.step(run.data.train.nextBatch(10));
        assert.ok(errorRate >= 0 && errorRate <= 1);
        if (step % 4 === 0) assert.equal((await training.test()).numExamples, 30);
      }
    }
    await training.end();
    assert.equal(run.status, 'finished');
    assert.deepEqual(numbersOf(run.history), numbersOf(expected.history));
    assert.deepEqual(weightsOf(run), weightsOf(expected));
    assert.deepEqual([told[0], told.length, told[told.length - 1]], ['begin', 27, 'end']);
    await assert.rejects(training.step(), /Expected training that goes on, found it ended/);
  });

  test('a loop that is left goes on by continueTraining, resume and fork', async () => {
    const expected = smallRun(directory);
    await train(expected, quiet);
    const run = smallRun(directory);
    const training = await beginTraining(run, quiet);
    await assert.rejects(async () => {
      for (let step = 1; ; step++) {
        await training.step();
        if (step === 5) throw new Error('a mistake in the loop');
      }
    }, /a mistake/);
    assert.equal(run.status, 'training');
    await continueTraining(run, { ...quiet, onStep: ({ step }) => step === 9 && run.stop() });
    assert.equal(run.status, 'stopped');
    run.dispose();
    const again = resume(run.folder, smallSets(), quiet);
    const gentle = fork(again, smallSets(), { learningRate: 1e-3 }, { ...quiet, directory });
    for (const each of [again, gentle]) await train(each, quiet);
    // The loop made no test after step 4; `train` makes the one that is due only where it stands.
    assert.deepEqual(again.history.train.map(({ loss }) => loss), expected.history.train.map(({ loss }) => loss)); // prettier-ignore
    assert.equal(gentle.history.train.length, 20);
  });

  test('stop, pause and the way back reach it', async () => {
    const run = smallRun(directory, { epochs: 10 });
    const training = await beginTraining(run, quiet);
    for (let step = 0; step < 4; step++) await training.step();
    await training.test();
    run.pause();
    let waited = false;
    setTimeout(() => {
      waited = true;
      run.unpause();
    }, 30);
    await training.step();
    assert.ok(waited);
    run.backToBest();
    await training.step();
    assert.deepEqual([run.lastStep, run.position.step], [4, 4]);
    await training.end();
    assert.equal(run.status, 'stopped');
  });

  test('after stop the next step breaks the loop off, and everything is kept', async () => {
    const run = smallRun(directory);
    const training = await beginTraining(run, quiet);
    await training.step();
    run.stop();
    await assert.rejects(training.step(), { name: 'KeyboardInterrupt' });
    assert.deepEqual([run.status, readRun(run.folder).info.state], ['stopped', 'stopped']);
    assert.equal(readRun(run.folder).checkpoints.length, 1);
    const failing = { step: () => Promise.reject(new Error('no')) };
    const second = await beginTraining(run, { observers: [failing] });
    await assert.rejects(second.step(), /^Error: no$/);
    assert.equal(run.status, 'broke off');
    assert.equal(resume(run.folder, smallSets(), quiet).lastStep, 2);
  });

  test('a loop that is broken off ends with the step that it is in, and others wait for that', async () => {
    const run = smallRun(directory);
    const training = await beginTraining(run, quiet);
    const step = training.step();
    const left = training.leave();
    assert.equal(run.status, 'stopping');
    await continueTraining(run, { ...quiet, onStep: ({ step: number }) => number === 3 && run.stop() });
    await Promise.all([step, left]);
    assert.deepEqual([run.status, run.lastStep], ['stopped', 3]);
    await assert.rejects(training.step(), { name: 'KeyboardInterrupt' });
  });

  test('one step at a time, and one loop', async () => {
    const run = smallRun(directory);
    const training = await beginTraining(run, quiet);
    const first = training.step();
    await assert.rejects(train(run, quiet), /found one in training/);
    await first;
    const both = await Promise.allSettled([training.step(), training.step()]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });
});

describe('a run without a folder', () => {
  test('trains as any other, gives the same numbers, and leaves nothing behind', async () => {
    const expected = smallRun(directory);
    await train(expected, quiet);
    const before = readdirSync(directory);
    const run = smallRun(directory, {}, { record: false, name: 'passing' });
    await train(run, { ...quiet, onStep: ({ step }) => step === 7 && run.stop() });
    await continueTraining(run, quiet);
    assert.deepEqual(numbersOf(run.history), numbersOf(expected.history));
    assert.deepEqual([run.status, run.recorded], ['finished', false]);
    assert.equal(runCurves([run, expected]).data.length, 4);
    assert.match(inspect(run), /^TrainingRun passing, finished: .*\n {2}in memory only$/);
    for (const act of [() => run.saveCheckpoint(), () => run.backToBest(), () => fork(run, smallSets())]) {
      assert.throws(act, /Expected a run with a folder, found one that was made with record: false/);
    }
    run.dispose();
    assert.deepEqual(readdirSync(directory), before);
  });
});
