/** What a run's folder keeps of the predictions at each of its tests. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readRun } from '../../lib/runs/read_run';
import { readTestPredictions, TestPredictionsFile } from '../../lib/runs/test_predictions';
import { fork, resume } from '../../lib/training/create_run';
import { continueTraining, train } from '../../lib/views/train';
import { quiet, runsFolder, smallRun, smallSets } from '../support/training';

const directory = runsFolder();
const plain = (folder: string) =>
  readTestPredictions(folder).map(({ step, classes }) => ({ step, classes: [...classes] }));

/** Predictions by step, as the tests gave them. */
async function trained(options: Parameters<typeof smallRun>[1] = {}, stopAt = Infinity) {
  const run = smallRun(directory, { numLayers: 1, ...options });
  const seen: { step: number; classes: number[] }[] = [];
  const test = ({ step }: { step: number }) => {
    seen.push({ step, classes: [...run.evaluation!.predictions] });
    if (step === stopAt) run.stop();
  };
  await train(run, { observers: [{ test }] });
  return { run, seen };
}

describe('the predictions of each test', () => {
  test('are in the folder, the last as in predictions.json', async () => {
    const { run, seen } = await trained();
    assert.ok(seen.length >= 5);
    assert.deepEqual(plain(run.folder), seen);
    const { predictions, problems } = readRun(run.folder);
    assert.deepEqual([...predictions!.classes], seen[seen.length - 1].classes);
    assert.deepEqual(problems, []);
  });

  test('are the same after a stop and a resume, and after a crash', async () => {
    const { run, seen } = await trained();
    const stopped = (await trained({}, 8)).run;
    // What came after the checkpoint, before a crash, is not believed.
    const path = join(stopped.folder, 'test_predictions.json');
    const early = readTestPredictions(stopped.folder).map((each, i) => ({ ...each, test: i }));
    new TestPredictionsFile(path, early).add({ test: 2, step: 12, classes: new Uint8Array(30).fill(9) });
    const again = resume(stopped.folder, smallSets(), quiet);
    assert.deepEqual(plain(stopped.folder), seen.slice(0, 2));
    await continueTraining(again, quiet);
    assert.deepEqual(plain(stopped.folder), seen);
    const content = (folder: string) => readFileSync(join(folder, 'test_predictions.json'), 'utf8');
    assert.equal(content(stopped.folder), content(run.folder));
  });

  test('of a fork begin with those of its parent', async () => {
    const { run, seen } = await trained({}, 8);
    const child = fork(run, smallSets(), { learningRate: 0.02 }, { ...quiet, directory });
    assert.deepEqual(plain(child.folder), seen);
    await continueTraining(child, quiet);
    assert.deepEqual(plain(child.folder).slice(0, 2), seen);
    assert.ok(plain(child.folder).length > 2);
    assert.deepEqual(plain(run.folder), seen);
  });

  test('are cut where a run goes back to its best checkpoint', async () => {
    const { run } = await trained();
    const step = run.backToBest();
    assert.ok(plain(run.folder).every(each => each.step <= step));
  });

  test('are missing in older runs, which work as before', async () => {
    const { run } = await trained({}, 8);
    rmSync(join(run.folder, 'test_predictions.json'));
    assert.deepEqual(readTestPredictions(run.folder), []);
    assert.deepEqual(readRun(run.folder).problems, []);
    const again = resume(run.folder, smallSets(), quiet);
    await continueTraining(again, quiet);
    assert.ok(plain(run.folder).length > 0 && plain(run.folder).every(({ step }) => step > 8));
  });

  test('that are damaged are named, kept aside, and no reason to end', async () => {
    const { run } = await trained({}, 8);
    const path = join(run.folder, 'test_predictions.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"steps"', '"stepz"'));
    assert.throws(
      () => readTestPredictions(run.folder),
      /UserError: .*test_predictions\.json, found damaged/,
    );
    assert.match(readRun(run.folder).problems.join(), /test_predictions\.json: damaged/);
    const again = resume(run.folder, smallSets(), quiet);
    await continueTraining(again, quiet);
    assert.deepEqual(readRun(run.folder).problems, []);
    assert.ok(readdirSync(run.folder).includes('test_predictions.json.damaged'));
  });
});

test('the size is bounded: of many tests every second, fourth, … is kept', () => {
  const path = join(directory, 'many.json');
  const file = new TestPredictionsFile(path);
  assert.ok(!existsSync(path));
  for (let i = 0; i < 20; i++) {
    file.add({ test: i, step: 10 * i, classes: Uint8Array.from({ length: 900_000 }, () => i) });
  }
  const { tests, steps } = JSON.parse(readFileSync(path, 'utf8')) as { tests: number[]; steps: number[] };
  assert.deepEqual(tests, [0, 8, 16]);
  assert.deepEqual(steps, [0, 80, 160]);
  assert.ok(statSync(path).size < 4_000_000);
});
