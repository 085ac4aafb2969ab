/** What TensorBoard sees of a run, and what a run leaves open. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TrainPoint } from '../../lib/base/history';
import { tf } from '../../lib/tfjs/tensorflow';
import { resume } from '../../lib/training/create_run';
import { train } from '../../lib/views/train';
import { venvPython } from '../../scripts/child_process';
import { quiet, runsFolder, smallRun, smallSets } from '../support/training';

const directory = runsFolder();

describe('TensorBoard', () => {
  const openEvents = () =>
    readdirSync('/proc/self/fd').filter(name => {
      try {
        return readlinkSync(join('/proc/self/fd', name)).includes('tfevents');
      } catch {
        return false; // the folder itself
      }
    }).length;

  test('sees each step once after a run broke off and was resumed', async () => {
    const run = smallRun(directory, { testFreq: 5 });
    const step = (point: TrainPoint) => {
      if (point.step === 13) throw new Error('broke');
    };
    await assert.rejects(train(run, { observers: [{ step }] }), /broke/);
    run.dispose();
    rmSync(join(run.folder, 'checkpoints', 'step-000013.safetensors')); // as if the process had died
    const again = resume(run.folder, smallSets(), quiet);
    await train(again, quiet);
    const script = join(__dirname, '..', 'runs', 'read_events.py');
    const read = spawnSync(venvPython, [script, run.folder], { encoding: 'utf8' });
    const curves = JSON.parse(read.stdout) as Record<string, [number, number][]>;
    const points = (name: string) => curves[name].map(([step, value]) => [step, value]);
    assert.deepEqual(
      points('train_loss'),
      again.history.train.map(({ step, loss }) => [step, Math.fround(loss)]),
    );
    assert.deepEqual(
      points('test_error'),
      again.history.test.map(({ step, testError }) => [step, Math.fround(testError)]),
    );
  });

  test(
    'has no file open, and no tensor is left, of a run that is disposed of',
    { skip: process.platform !== 'linux' },
    async () => {
      const { numTensors } = tf.memory();
      const before = openEvents();
      for (let i = 0; i < 3; i++) {
        const run = smallRun(directory, { numLayers: 1, epochs: 1 });
        await train(run, quiet);
        run.dispose();
        assert.deepEqual([openEvents(), tf.memory().numTensors], [before, numTensors]);
      }
    },
  );
});
