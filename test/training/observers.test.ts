/** Who watches a training: what is told, in which order, and what happens when an observer fails. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { resume } from '../../lib/training/create_run';
import type { TrainingObserver } from '../../lib/training/observer';
import { train } from '../../lib/training/train';
import { train as trainSeen } from '../../lib/views/train';
import { numbersOf, quiet, runsFolder, smallRun, smallSets, weightsOf } from '../support/training';

const directory = runsFolder();

/** Writes down what it is told. */
function recorder(): { observer: TrainingObserver; told: string[] } {
  const told: string[] = [];
  const observer: TrainingObserver = {
    begin: ({ status }) => told.push(`begin, ${status}`),
    step: ({ step }) => told.push(`step ${step}`),
    test: ({ step }) => told.push(`test ${step}`),
    change: set => void told.push(`change ${JSON.stringify(set)}`),
    status: ({ status }) => void told.push(status),
    end: ({ status }) => told.push(`end, ${status}`),
  };
  return { observer, told };
}

describe('observers of a training', () => {
  test('are told what happens, in its order', async () => {
    const run = smallRun(directory, { epochs: 1, testFreq: 5 });
    const { observer, told } = recorder();
    const change: TrainingObserver = { step: ({ step }) => step === 3 && run.set({ learningRate: 0.001 }) };
    await train(run, { observers: [observer, change] });
    const steps = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, i) => `step ${from + i}`);
    assert.deepEqual(told, [
      ...['begin, training', ...steps(1, 3), 'change {"learningRate":0.001}', ...steps(4, 5), 'test 5'],
      ...[...steps(6, 10), 'test 10', 'finished', 'end, finished'],
    ]);
  });

  test('one after the other, and each is waited for', async () => {
    const run = smallRun(directory, { epochs: 1 });
    const told: string[] = [];
    const slow = (name: string): TrainingObserver => ({
      async step({ step }) {
        await setImmediate();
        if (step < 3) told.push(`${name} ${step} of ${run.history.train.length}`);
      },
    });
    await train(run, { observers: [slow('first'), slow('second')] });
    assert.deepEqual(told, ['first 1 of 1', 'second 1 of 1', 'first 2 of 2', 'second 2 of 2']);
  });

  for (const event of ['begin', 'step', 'test'] as const) {
    test(`one that fails in ${event} ends the training with its own error, and nothing is lost`, async () => {
      const whole = smallRun(directory);
      await train(whole);
      const run = smallRun(directory, {});
      let calls = 0;
      const fail = () => {
        if (++calls === (event === 'step' ? 7 : 1)) throw new RangeError('no room for more');
      };
      const { observer, told } = recorder();
      await assert.rejects(train(run, { observers: [{ [event]: fail }, observer] }), { name: 'RangeError' });
      assert.equal(told.pop(), 'end, broke off', 'the others are told of the end');
      const made = run.history.train.length;
      run.dispose();
      const rest = resume(run.folder, smallSets(), quiet);
      assert.equal(rest.history.train.length, made, 'all steps are in the checkpoint');
      await train(rest);
      assert.deepEqual(
        [numbersOf(rest.history), weightsOf(rest)],
        [numbersOf(whole.history), weightsOf(whole)],
      );
    });
  }

  test('one that fails at the end does not keep the others from their end', async () => {
    const run = smallRun(directory, { epochs: 1 });
    const { observer, told } = recorder();
    const failing: TrainingObserver = {
      end() {
        throw new RangeError('at the end');
      },
    };
    await assert.rejects(train(run, { observers: [failing, observer] }), { message: 'at the end' });
    assert.equal(told.pop(), 'end, finished');
    assert.equal(run.status, 'finished');
  });

  test('a signal ends it after the step that it is in, or before the first', async () => {
    const run = smallRun(directory);
    const stop = new AbortController();
    await train(run, {
      observers: [{ step: ({ step }) => step === 4 && stop.abort() }],
      signal: stop.signal,
    });
    assert.deepEqual([run.status, run.history.train.length], ['stopped', 4]);
    await train(run, { signal: AbortSignal.abort() });
    assert.deepEqual([run.status, run.history.train.length], ['stopped', 4]);
    await train(run);
    assert.deepEqual([run.status, run.history.train.length], ['finished', 20]);
  });

  test('onStep and onTest are two of them in short', async () => {
    const run = smallRun(directory, { epochs: 1, testFreq: 5 });
    const told: string[] = [];
    const onStep = ({ step }: { step: number }) => told.push(`step ${step}`);
    const onTest = ({ step }: { step: number }) => told.push(`test ${step}`);
    await trainSeen(run, { observers: [], onStep, onTest });
    assert.deepEqual([told.length, told[4], told[5]], [12, 'step 5', 'test 5']);
  });

  test('one that was added to the run is told in each call of train, until it is taken away', async () => {
    const run = smallRun(directory, { epochs: 1 });
    const { observer, told } = recorder();
    const end = run.observe(observer);
    await train(run, { observers: [{ step: ({ step }) => step === 2 && run.stop() }] });
    assert.equal(told[told.length - 1], 'end, stopped');
    end();
    const before = told.length;
    await train(run);
    assert.equal(told.length, before);
  });
});
