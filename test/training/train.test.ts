import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { TrainPoint } from '../../lib/base/history';
import type { TrainingObserver } from '../../lib/training/observer';
import { readRun } from '../../lib/runs/read_run';
import { uniform } from '../../lib/search/space';
import { sweep } from '../../lib/views/sweep';
import { createRun } from '../../lib/training/create_run';
import { continueTraining, train } from '../../lib/views/train';
import type { TrainingData } from '../../lib/training/trainer';
import { smallData } from '../support/small_data';
import {
  linesOf,
  numbersOf,
  quiet,
  runsFolder,
  small,
  smallRun,
  smallSets,
  weightsOf,
} from '../support/training';

const directory = runsFolder();

test('sets without images, or that do not fit together, are refused before a folder is made', async () => {
  const { train: training, test: tests } = smallSets();
  const refused: [TrainingData, RegExp][] = [
    [{ train: training, test: tests.take(0) }, /an error rate needs a test image/],
    [{ train: training.take(0), test: tests }, /Expected at least one training image, found none/],
    [
      { train: training, test: smallData(20, { columns: 4 }) },
      /Expected test images of 4 × 3 pixels in 3 classes/,
    ],
  ];
  const folders = runsFolder();
  for (const [data, message] of refused) {
    assert.throws(() => createRun(data, small, { ...quiet, directory: folders }), {
      name: 'UserError',
      message,
    });
    const search = sweep(data, { dropout: uniform(0, 0.5) }, { trials: 2, directory: folders, ...quiet });
    await assert.rejects(search, { name: 'UserError', message });
  }
  assert.deepEqual(readdirSync(folders), []);
});

describe('train', () => {
  test("prints the original program's lines, tests as often, and keeps the history", async () => {
    const { observer, lines } = linesOf();
    const run = smallRun(directory);
    await train(run, { observers: [observer] });
    assert.match(lines.shift()!, /^compiling the training step/);
    assert.deepEqual(
      run.history.train.map(({ step, epoch }) => [step, epoch]),
      Array.from({ length: 20 }, (_, i) => [i + 1, i < 10 ? 0 : 1]),
    );
    assert.deepEqual(
      run.history.test.map(({ epoch, step }) => [epoch, step]),
      [[0, 4], [0, 8], [1, 14], [1, 18], [1, 20]], // prettier-ignore
    );
    assert.equal(lines.length, 5);
    assert.match(lines[0], /^epoch: 0, steps: 4, avg_test_error: \d\.\d{4}$/);
    assert.match(lines[3], /^epoch: 1, steps: 8, avg_test_error: \d\.\d{4}$/);
    assert.match(lines[4], /^test error after 2 epochs: \d\.\d{4}$/);
    const seconds = run.history.train.map(point => point.seconds);
    assert.deepEqual(
      [...seconds].sort((a, b) => a - b),
      seconds,
    );
    assert.deepEqual([run.status, readRun(run.folder).info.state], ['finished', 'finished']);
  });

  test('a test at the very last step is not made twice', async () => {
    const run = smallRun(directory, { epochs: 1, testFreq: 5 });
    await train(run, quiet);
    assert.deepEqual(
      run.history.test.map(point => point.step),
      [5, 10],
    );
  });

  test('one seed decides everything: two runs give the same numbers, another seed gives others', async () => {
    const numbers = async (seed: number) => {
      const run = smallRun(directory, { seed });
      await train(run, quiet);
      return numbersOf(run.history);
    };
    const first = await numbers(1);
    assert.deepEqual(await numbers(1), first);
    assert.notDeepEqual(await numbers(2), first);
  });

  test("a run takes nothing from the data's own order, so that one run does not change the next", async () => {
    const data = smallSets();
    const before = data.train.state();
    await train(smallRun(directory, { epochs: 1 }), quiet);
    assert.deepEqual(data.train.state(), before);
  });

  test('a loss that is not finite ends the run, says what to try, and the folder says why', async () => {
    const run = smallRun(directory, { learningRate: 1e-3, optimizer: { kind: 'sgd' } });
    await train(run, { observers: [{ step: ({ step }) => step === 3 && poison(run) }] }).then(
      () => assert.fail('no error'),
      (error: Error) =>
        assert.match(error.message, /found NaN at step 4 \(epoch 0\); .* Try a lower learning rate/),
    );
    const { info, train: points } = readRun(run.folder);
    assert.deepEqual([run.status, info.state, points.length], ['broke off', 'broke off', 3]);
    assert.match(info.reason ?? '', /found NaN at step 4/);
  });

  test('other work gets its turn between the steps', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await train(smallRun(directory, { epochs: 1 }), quiet);
    clearInterval(timer);
    assert.ok(turns >= 5, `${turns}`);
  });

  test('a batch larger than the data is refused, and leaves no folder', () => {
    assert.throws(() => smallRun(directory, { batchSize: 101 }), /at most the 100 examples/);
  });

  test('a run that has finished says how to go on; one in training is not trained twice', async () => {
    const run = smallRun(directory, { epochs: 1 });
    const training = train(run, quiet);
    await setImmediate();
    await assert.rejects(train(run, quiet), /found one in training: run\.stop\(\)/);
    await training;
    await assert.rejects(
      train(run, quiet),
      /finished its 1 epochs: continueTraining\(run, \{ epochs: 1 \}\)/,
    );
  });
});

describe('steering', () => {
  test('stop ends it after the step; continueTraining gives what an unbroken training gives', async () => {
    const whole = smallRun(directory);
    await train(whole, quiet);
    const parts = smallRun(directory);
    const { observer, lines } = linesOf();
    for (const end of [3, 4, 11]) {
      const stop: TrainingObserver = { step: ({ step }) => step === end && parts.stop() };
      await continueTraining(parts, { observers: [observer, stop] });
      assert.deepEqual([parts.status, parts.history.train.length], ['stopped', end]);
    }
    assert.equal(lines[1], 'stopped after step 3 of 20');
    await continueTraining(parts, quiet);
    assert.deepEqual(numbersOf(parts.history), numbersOf(whole.history));
    assert.deepEqual(weightsOf(parts), weightsOf(whole));
    assert.deepEqual(numbersOf(readRun(parts.folder)), numbersOf(whole.history));
  });

  test('more epochs give what as many at once give', async () => {
    const whole = smallRun(directory, { epochs: 2, testFreq: 5 });
    await train(whole, quiet);
    const parts = smallRun(directory, { epochs: 1, testFreq: 5 });
    await train(parts, quiet);
    await continueTraining(parts, { ...quiet, epochs: 1 });
    assert.deepEqual(numbersOf(parts.history), numbersOf(whole.history));
  });

  test('a pause waits after the step, costs no time on the curves, and a stop ends it too', async () => {
    const run = smallRun(directory);
    const training = train(run, { observers: [{ step: ({ step }) => step === 5 && run.pause() }] });
    while (run.status !== 'paused') await setImmediate();
    await new Promise(resolve => setTimeout(resolve, 300));
    assert.equal(run.history.train.length, 5);
    run.unpause();
    while (run.history.train.length < 7) await setImmediate();
    assert.ok(run.history.train[5].seconds - run.history.train[4].seconds < 0.3);
    run.pause();
    await new Promise(resolve => setTimeout(resolve, 50));
    run.stop();
    await training;
    assert.equal(run.status, 'stopped');
    assert.ok(run.history.train.length < 20);
  });

  test('a rate of next to nothing from step 6 on leaves the weights; the change is recorded with its step', async () => {
    const run = smallRun(directory, { learningRate: 0.05 });
    let before: object = {};
    const step = (point: TrainPoint) => {
      if (point.step !== 6) return;
      before = weightsOf(run);
      run.set({ learningRate: 1e-12 });
    };
    await train(run, { observers: [{ step }] });
    assert.deepEqual(weightsOf(run), before);
    const [change] = run.history.changes;
    assert.deepEqual(
      { ...change, seconds: 0 },
      { step: 6, epoch: 0, set: { learningRate: 1e-12 }, seconds: 0 },
    );
    assert.deepEqual(readRun(run.folder).changes, [change]);
    assert.equal(run.hyperparameters.learningRate, 1e-12);
  });

  test('dropout acts at once, in the compiled step as in the plain one', async () => {
    const losses = async (compile: boolean) => {
      const run = smallRun(directory, {}, { compile });
      const change = (step: number) => step === 5 && run.set({ dropout: 0.9, clipNorm: 0.5 });
      await train(run, { observers: [{ step: ({ step }) => change(step) }] });
      return run.history.train.map(({ loss }) => loss);
    };
    const [compiled, plain] = [await losses(true), await losses(false)];
    compiled.forEach((loss, i) =>
      assert.ok(Math.abs(loss - plain[i]) < 1e-4, `step ${i + 1}: ${loss}, ${plain[i]}`),
    );
    const unchanged = smallRun(directory);
    await train(unchanged, quiet);
    assert.deepEqual(
      compiled.slice(0, 5),
      unchanged.history.train.slice(0, 5).map(({ loss }) => loss),
    );
    assert.notEqual(compiled[5], unchanged.history.train[5].loss);
  });

  test('what cannot change in a training is refused, and so is a value out of range', async () => {
    const run = smallRun(directory);
    assert.throws(
      () => run.set({ numHidden: 3 } as object),
      /learningRate, clipNorm, .*found numHidden: fork\(run|dropout/,
    );
    assert.throws(() => run.set({ dropout: 1 }), /dropout: found 1; allowed: a number from 0 to below 1/);
    assert.equal(run.hyperparameters.dropout, 0.2);
    run.set({ dropout: 0.3 });
    await train(run, quiet);
    assert.deepEqual(run.history.changes.map(({ step, set }) => [step, set]), [[0, { dropout: 0.3 }]]); // prettier-ignore
  });
});

/** What a step that was too large leaves. */
function poison(run: ReturnType<typeof smallRun>): void {
  const [weights] = Object.values(run.model.variables);
  weights.assign(weights.mul(NaN));
}
