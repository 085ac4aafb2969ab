/** What a run expects of whoever goes on with it: its data, and files of the right age. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createRandom } from '../../lib/base/random';
import { sha256Of } from '../../lib/base/files/checksum';
import { DataSet } from '../../lib/data';
import { defaultHyperparameters, type Hyperparameters } from '../../lib/model/hyperparameters';
import { readCheckpoint, writeCheckpoint, type CheckpointInfo } from '../../lib/runs/checkpoint';
import { checkpointNames } from '../../lib/runs/checkpoints';
import { readRun } from '../../lib/runs/read_run';
import { tf } from '../../lib/tfjs/tensorflow';
import { fork, resume } from '../../lib/training/create_run';
import type { TrainingData } from '../../lib/training/trainer';
import { train } from '../../lib/views/train';
import { smallData } from '../support/small_data';
import { numbersOf, quiet, runsFolder, smallRun, smallSets, weightsOf } from '../support/training';

const directory = runsFolder();

describe('resume expects', () => {
  test('the data are the same when images and labels are, of both sets; an older run knows its labels alone', async () => {
    const run = smallRun(directory, { epochs: 1 });
    await train(run, { observers: [{ step: ({ step }) => step === 2 && run.stop() }] });
    const { train: training, test: tests } = smallSets();
    const darker = (set: DataSet) =>
      new DataSet({ ...set, images: set.images.map(x => x >> 1) }, createRandom(0));
    const others = { train: darker(training), test: tests };
    const refused = (data: TrainingData, what: RegExp) =>
      assert.throws(() => resume(run.folder, data, quiet), { name: 'UserError', message: what });
    refused(others, /found other training images: read/);
    refused({ train: training, test: darker(tests) }, /found other test images: read/);
    refused({ train: training, test: tests.take(20) }, /found other test images and other test labels: read/);
    for (const name of checkpointNames(run.folder)) {
      const path = join(run.folder, 'checkpoints', name);
      rewriteInfo(path, { ...readCheckpoint(path).info, dataDigest: sha256Of(training.labels) });
    }
    assert.equal(resume(run.folder, others, quiet).history.train.length, 2);
  });

  test('other data, or a file from a later version, are refused', async () => {
    const run = smallRun(directory, { epochs: 1 });
    await train(run, { observers: [{ step: ({ step }) => step === 2 && run.stop() }] });
    const other = { ...smallSets(), train: smallData(100, { seed: 5 }) };
    assert.throws(
      () => resume(run.folder, other, quiet),
      /found other training images and other training labels: read the same data set/,
    );
    const path = join(run.folder, 'run.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"format": 1', '"format": 2'));
    assert.throws(() => resume(run.folder, smallSets(), quiet), /found format 2, written by Scanline 0/);
  });

  test('a run from before there were some of the settings is read, resumed and forked: it has their defaults', async () => {
    const whole = smallRun(directory, {});
    await train(whole, quiet);
    const run = smallRun(directory, {});
    await train(run, { observers: [{ step: ({ step }) => step === 8 && run.stop() }] });
    const later = ['wrapper', 'sequence', 'bidirectional', 'pooling', 'truncation'];
    const older = (settings: object) =>
      Object.fromEntries(Object.entries(settings).filter(([name]) => !later.includes(name)));
    const settingsPath = join(run.folder, 'hyperparameters.json');
    const { sha256, ...now } = JSON.parse(readFileSync(settingsPath, 'utf8')) as Record<string, unknown>;
    assert.ok(sha256);
    const stored = older(now); // such a file had no checksum
    assert.equal(Object.keys(stored).length, Object.keys(defaultHyperparameters).length - later.length);
    writeFileSync(settingsPath, JSON.stringify(stored));
    for (const name of checkpointNames(run.folder)) {
      const path = join(run.folder, 'checkpoints', name);
      const { info } = readCheckpoint(path);
      const hyperparameters = older(info.hyperparameters) as unknown as Hyperparameters;
      rewriteInfo(path, { ...info, hyperparameters });
    }
    assert.deepEqual(readRun(run.folder).problems, []);
    const other = fork(run.folder, smallSets(), {}, quiet);
    const rest = resume(run.folder, smallSets(), quiet);
    for (const each of [other, rest]) {
      assert.deepEqual(each.hyperparameters, whole.hyperparameters);
      await train(each, quiet);
      assert.deepEqual(numbersOf(each.history), numbersOf(whole.history));
      assert.deepEqual(weightsOf(each), weightsOf(whole));
    }
  });
});

/** Another description in a checkpoint whose tensors stay. */
function rewriteInfo(path: string, info: CheckpointInfo): void {
  const variables = Object.entries(readCheckpoint(path).tensors).map(
    ([name, { values, shape }]) => [name, tf.variable(tf.tensor(values, [...shape]))] as const,
  );
  writeCheckpoint(path, info, Object.fromEntries(variables));
}
