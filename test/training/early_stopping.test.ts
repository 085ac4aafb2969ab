import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestPoint } from '../../lib/base/history';
import { earlyStopping, type EarlyStoppingOptions } from '../../lib/training/recipe/early_stopping';
import type { ObservedRun } from '../../lib/training/observer';
import { resume } from '../../lib/training/create_run';
import { train } from '../../lib/views/train';
import { quiet, runsFolder, smallRun, smallSets } from '../support/training';

const directory = runsFolder();

/** After how many of these tests it stops, and what it says. */
function stopsAfter(errors: readonly number[], options: EarlyStoppingOptions, name = 'testError') {
  const lines: string[] = [];
  const observer = earlyStopping({ log: line => lines.push(line), ...options });
  const points: TestPoint[] = [];
  let stopped = 0;
  const run = { history: { train: [], test: points }, stop: () => (stopped = points.length) };
  for (const [i, error] of errors.entries()) {
    points.push({ step: (i + 1) * 10, epoch: 0, testError: 1, testLoss: 1, [name]: error, seconds: i });
    void observer.test!(points[i], run as unknown as ObservedRun);
    if (stopped > 0) return { stopped, lines };
  }
  return { stopped, lines };
}

test('stops after so many tests without an improvement, and says which was the best', () => {
  const { stopped, lines } = stopsAfter([0.5, 0.3, 0.4, 0.3, 0.2, 0.3], { patience: 2 });
  assert.equal(stopped, 4);
  assert.deepEqual(lines, [
    'stopped early: no test was better than that after step 20, testError 30.00 %, in 2 tests',
  ]);
  assert.equal(stopsAfter([0.5, 0.4, 0.3, 0.2], { patience: 1 }).stopped, 0);
});

test('what is better by no more than minDelta does not count', () => {
  assert.equal(stopsAfter([0.5, 0.495, 0.491], { patience: 2, minDelta: 0.01 }).stopped, 3);
  assert.equal(stopsAfter([0.5, 0.495, 0.48], { patience: 2, minDelta: 0.01 }).stopped, 0);
});

test('watches what it is asked to', () => {
  assert.equal(
    stopsAfter([2, 3, 3], { patience: 2, monitor: 'averageTestLoss' }, 'averageTestLoss').stopped,
    3,
  );
  assert.throws(
    () => stopsAfter([1], { monitor: 'averageTestError' }),
    /Expected tests with averageTestError/,
  );
  assert.throws(() => earlyStopping({ patience: 0 }), /Expected a positive integer as patience/);
});

test('ends a training, also where the tests before were made by another process', async () => {
  const settings = { learningRate: 1e-9, testFreq: 2, epochs: 3 }; // nothing gets better
  const lines: string[] = [];
  const observers = () => [earlyStopping({ patience: 4, minDelta: 0.01, log: line => lines.push(line) })];
  const whole = smallRun(directory, settings);
  await train(whole, { observers: observers() });
  assert.equal(whole.lastStep, 10);
  assert.equal(whole.status, 'stopped');
  const parts = smallRun(directory, settings);
  await train(parts, {
    observers: [...observers(), { step: ({ step }) => step === 5 && parts.stop() }],
  });
  const rest = resume(parts.folder, smallSets(), quiet);
  await train(rest, { observers: observers() });
  assert.equal(rest.lastStep, 10);
  assert.equal(lines.length, 2);
});
