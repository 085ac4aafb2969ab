/** Runs that no page can be made of, and how the user is told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createModel } from '../../lib/model/model';
import { parseHyperparameters } from '../../lib/model/hyperparameters';
import { readRun } from '../../lib/runs/read_run';
import { createRun } from '../../lib/training/create_run';
import { train } from '../../lib/views/train';
import { newestRun } from '../../scripts/newest_run';
import { runContents } from '../../scripts/page/run_contents';
import { smallData } from '../support/small_data';
import { quiet, runsFolder, small, smallRun, smallSets } from '../support/training';

const directory = runsFolder();
const { test: testSet } = smallSets();
const model = () => createModel(parseHyperparameters(small), testSet);

test('a model of its user’s own, which is not taken without being asked for', async t => {
  const before = smallRun(directory);
  await train(before, quiet);
  before.dispose();
  const run = smallRun(directory, {}, { model: model() });
  await train(run, quiet);
  const log = t.mock.method(console, 'log', () => {});
  assert.equal(newestRun(directory).folder, before.folder);
  assert.match(
    String(log.mock.calls[0].arguments[0]),
    /^\S+ is passed over: it trains a model of its user's own$/,
  );
  await assert.rejects(runContents(readRun(run.folder), testSet, 'float32'), {
    name: 'UserError',
    message:
      /^Expected a run whose network is made from its settings, found \S+, which trains a model of its /,
  });
});

test('other test images than the run had', async () => {
  const run = smallRun(directory);
  await train(run, quiet);
  for (const other of [smallData(30, { seed: 5 }), smallData(20, { seed: 99 })]) {
    await assert.rejects(runContents(readRun(run.folder), other, 'float32'), {
      name: 'UserError',
      message: /^Expected the test images of the run \S+, found others: --data names /,
    });
  }
  run.dispose();
});

test('of more images those that the run was tested on, and of checkpoints the one that is asked for', async () => {
  const all = smallData(40, { seed: 99 });
  const sets = { train: smallSets().train, test: all.take(30) };
  const run = createRun(sets, small, { ...quiet, directory });
  await train(run, quiet);
  const { contents, tested } = await runContents(readRun(run.folder), all, 'float16');
  assert.equal(tested.numExamples, 30);
  assert.equal(contents.test!.errorAsTrained, run.history.test.at(-1)!.testError);
  const { step, testError } = run.history.test.at(-2)!; // the newest are kept
  const earlier = await runContents(readRun(run.folder), all, 'float32', { step });
  assert.equal(earlier.contents.step, step);
  assert.equal(earlier.contents.test!.error, testError);
  run.dispose();
});
