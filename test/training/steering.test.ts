/** Another process watches and steers a training, by files in its folder; and the way back to the best checkpoint. */
import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TrainPoint } from '../../lib/base/history';
import { readRun } from '../../lib/runs/read_run';
import { readLiveState, RequestReader, sendRequest } from '../../lib/runs/steering';
import { continueTraining, train } from '../../lib/views/train';
import { WatchedRun } from '../../lib/training/watched_run';
import { numbersOf, quiet, runsFolder, smallRun, weightsOf } from '../support/training';

const directory = runsFolder();

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

describe('a watched run', { timeout: 120_000 }, () => {
  test('shows how the training stands, and what is asked of it is done', async () => {
    const run = smallRun(directory, { epochs: 10_000, testFreq: 500 });
    const trained = train(run, quiet);
    const watched = new WatchedRun(run.folder);
    const look = () => (watched.poll(), watched);
    await until(() => look().history.train.length > 5);
    assert.deepEqual(
      [watched.status, watched.active, watched.steerable, watched.totalSteps, watched.settings],
      ['training', true, true, 100_000, run.settings],
    );
    watched.set({ learningRate: 0.004 });
    await until(() => look().history.changes.length > 0);
    assert.deepEqual([run.settings.learningRate, watched.settings.learningRate], [0.004, 0.004]);
    watched.pause();
    await until(() => look().status === 'paused');
    await sleep(20); // the step that was under way ends
    const steps = run.history.train.length;
    watched.saveCheckpoint();
    await until(() => /^checkpoint of step \d+ saved: /.test(look().message));
    assert.ok(watched.message.includes(`step ${steps} saved`), watched.message);
    watched.unpause();
    await until(() => look().history.train.length > steps);
    watched.stop();
    await trained;
    assert.deepEqual([look().status, watched.active, run.status], ['stopped', false, 'stopped']);
  });

  test('refuses a value out of range before it is sent; the trainer says no to one that comes all the same', async () => {
    const run = smallRun(directory, { epochs: 10_000 });
    const trained = train(run, quiet);
    const watched = new WatchedRun(run.folder);
    assert.throws(() => watched.set({ dropout: 2 }), /dropout: found 2; allowed/);
    sendRequest(run.folder, { ask: 'set', values: { dropout: 2 } });
    await until(() => /dropout: found 2; allowed/.test(readLiveState(run.folder)?.message ?? ''));
    appendFileSync(join(run.folder, 'requests.jsonl'), '{"ask":"format the disk"}\n');
    await until(() => /not understood/.test(readLiveState(run.folder)?.message ?? ''));
    assert.deepEqual([run.status, run.settings.dropout], ['training', 0.2]);
    run.stop();
    await trained;
  });

  test('a run whose loop takes no requests is watched only, and a damaged file is none', async () => {
    const run = smallRun(directory, { epochs: 1 });
    await train(run, quiet);
    assert.equal(readLiveState(run.folder)?.status, 'finished');
    for (const text of ['', '[]', '{"status":"training"}', '{"pid":"1"}']) {
      writeFileSync(join(run.folder, 'live.json'), text);
      assert.equal(readLiveState(run.folder), undefined);
    }
    const watched = new WatchedRun(run.folder);
    assert.deepEqual(
      [watched.status, watched.steerable, watched.history.train.length],
      ['finished', false, 10],
    );
  });
});

describe('requests', () => {
  test('are read once each, in order, from when the reader begins, whole lines only', () => {
    const { folder } = smallRun(directory);
    sendRequest(folder, { ask: 'pause' });
    const reader = new RequestReader(folder);
    assert.deepEqual(reader.read(), []);
    sendRequest(folder, { ask: 'set', values: { learningRate: 0.1 } });
    appendFileSync(join(folder, 'requests.jsonl'), 'nonsense\n{"ask":"st');
    assert.deepEqual(reader.read(), [{ ask: 'set', values: { learningRate: 0.1 } }, undefined]);
    assert.deepEqual(reader.read(), []);
    appendFileSync(join(folder, 'requests.jsonl'), 'op"}\n');
    assert.deepEqual(reader.read(), [{ ask: 'stop' }]);
  });
});

describe('back to the best checkpoint', () => {
  test('a stopped run stands where it stood then, and goes on as it went on then', async () => {
    const run = smallRun(directory, { testFreq: 5, epochs: 3 }, { keepNewest: 100 });
    await train(run, quiet);
    const all = numbersOf(run.history);
    const errors = run.history.test.map(({ testError }) => testError);
    const best = run.history.test[errors.lastIndexOf(Math.min(...errors))];
    run.set({ learningRate: 0.5 });
    assert.equal(run.backToBest(), best.step);
    assert.deepEqual(
      [run.history.train.length, run.status, run.settings.learningRate],
      [best.step, 'stopped', 0.01],
    );
    assert.equal(readRun(run.folder).train.length, best.step);
    assert.ok(
      readdirSync(join(run.folder, 'checkpoints')).every(name => Number(/\d+/.exec(name)) <= best.step),
    );
    if (best.step < 30) await continueTraining(run, quiet);
    assert.deepEqual(numbersOf(run.history), all);
  });

  test('while it is trained, it happens before the next step, and training goes on', async () => {
    const run = smallRun(directory, { testFreq: 5, epochs: 4 });
    const steps: number[] = [];
    let best = 0;
    const step = (point: TrainPoint) => {
      steps.push(point.step);
      if (point.step === 13 && best === 0) {
        run.set({ learningRate: 1 });
        best = run.backToBest();
      }
    };
    await train(run, { observers: [{ step }] });
    assert.ok([5, 10].includes(best), String(best));
    assert.equal(steps[13], best + 1);
    assert.deepEqual(
      run.history.train.map(({ step }) => step),
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    assert.deepEqual([run.status, run.settings.learningRate], ['finished', 0.01]);
    // The same numbers as without the detour.
    const straight = smallRun(directory, { testFreq: 5, epochs: 4 });
    await train(straight, quiet);
    assert.deepEqual(numbersOf(run.history), numbersOf(straight.history));
    assert.deepEqual(weightsOf(run), weightsOf(straight));
  });

  test('without a tested checkpoint it says so', () => {
    assert.throws(() => smallRun(directory).backToBest(), /Expected a checkpoint with a test error/);
  });
});
