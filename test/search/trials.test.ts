/** How single trials end, here and in processes of their own, and what the search makes of it. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, test } from 'node:test';
import { setCurrentKernel, type KernelApi, type MimeBundle } from '../../lib/display/kernel_api';
import { tableHtml } from '../../lib/display/table';
import { readRun } from '../../lib/runs/read_run';
import { Search } from '../../lib/search/search';
import { choice } from '../../lib/search/space';
import { sweep } from '../../lib/views/sweep';
import { readSweepInfo, type SweepInfo } from '../../lib/search/sweep_file';
import { sweepResult } from '../../lib/search/sweep_result';
import { sweepProgress } from '../../lib/views/sweep_view';
import { trainTrial, type TrialListener, type TrialOutcome, type TrialRunner } from '../../lib/search/trial';
import { WorkerPool } from '../../lib/search/worker_pool';
import type { TrainingRun } from '../../lib/training/training_run';
import { runsFolder, small, smallSets } from '../support/training';

const directory = runsFolder();
const hyperparameters = { ...small, numLayers: 1, epochs: 4, testFreq: 5 };
const task = (number: number) => ({ number, hyperparameters, name: `trial-${number}`, directory });

afterEach(() => setCurrentKernel(undefined));

/** Stops the trial at a test, and notes what it is told. */
function listening(lastTest = Infinity) {
  const heard = { folder: '', step: 0, tests: 0 };
  const listener: TrialListener = {
    onStart: folder => void (heard.folder = folder),
    onStep: ({ step }) => void (heard.step = step),
    onTest: async tests => {
      heard.tests = tests.length;
      await new Promise(resolve => setTimeout(resolve, 50)); // it waits for the answer
      return tests.length < lastTest;
    },
  };
  return { heard, listener };
}

function poison(run: TrainingRun): void {
  const [weights] = Object.values(run.model.variables);
  weights.assign(weights.mul(NaN));
}

test('a loss that is not finite is an outcome, not an error', async () => {
  const outcome = await trainTrial(smallSets(), task(1), listening().listener, poison);
  assert.equal(outcome.state, 'broke off');
  assert.match(outcome.state === 'broke off' ? outcome.reason : '', /found NaN at step 1/);
});

test('what the search cannot note ends the trial', async () => {
  const { listener } = listening();
  const failing = { ...listener, onTest: () => Promise.reject(new Error('disk full')) };
  const outcome = await trainTrial(smallSets(), task(2), failing);
  assert.deepEqual(outcome, { state: 'broke off', reason: 'disk full' });
});

/** Kills the trial's process at its second test, so many times. */
function killing(pool: WorkerPool, times: number) {
  const { heard, listener } = listening();
  let left = times;
  const onTest: TrialListener['onTest'] = tests => {
    if (tests.length >= 2 && left-- > 0) for (const worker of pool['busy']) worker.kill('SIGKILL');
    return listener.onTest(tests);
  };
  return { heard, listener: { ...listener, onTest } };
}

test('a trial whose process is killed is tried once more, from its checkpoint', async () => {
  const pool = new WorkerPool(smallSets(), 1);
  try {
    const once = killing(pool, 1);
    assert.deepEqual(await pool.runTrial(task(6), once.listener), { state: 'finished' });
    const { train, test: tests } = readRun(once.heard.folder);
    assert.deepEqual(
      train.map(({ step }) => step),
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    assert.equal(tests.length, 8);

    const reason = 'its process ended with SIGKILL';
    assert.deepEqual(await pool.runTrial(task(7), killing(pool, 2).listener), { state: 'broke off', reason });
  } finally {
    pool.end();
  }
});

test('a process that was killed is replaced; none makes a step after the test at which its trial is stopped', async () => {
  const pool = new WorkerPool(smallSets(), 2);
  try {
    await pool.runTrial(task(3), killing(pool, 2).listener);

    const stopped = listening(2);
    assert.deepEqual(await pool.runTrial(task(4), stopped.listener), { state: 'stopped early' });
    assert.deepEqual({ ...stopped.heard, folder: '' }, { folder: '', step: 10, tests: 2 });
    assert.equal(readRun(stopped.heard.folder).train.length, 10);

    const whole = listening();
    assert.deepEqual(await pool.runTrial(task(5), whole.listener), { state: 'finished' });
    assert.deepEqual([whole.heard.step, whole.heard.tests], [40, 8]);
  } finally {
    pool.end();
  }
});

describe('the search', () => {
  const newInfo = (trials: number): SweepInfo => ({
    ...{ format: 1, name: 'fake', started: new Date(0).toISOString(), settings: {}, method: 'grid', seed: 0 },
    ...{ earlyStopping: 'none', graceTests: 3, processes: 1, dataDigest: '' },
    space: { learningRate: choice([0.1, 0.2, 0.3]) },
    trials: [0.1, 0.2, 0.3].slice(0, trials).map((learningRate, i) => {
      return { number: i + 1, settings: { learningRate }, state: 'waiting', step: 0, seconds: 0 };
    }),
  });

  async function searchWith(name: string, info: SweepInfo, outcomes: (TrialOutcome | Error)[]) {
    const folder = join(directory, name);
    mkdirSync(folder);
    const runner: TrialRunner = {
      async runTrial({ number }, listener) {
        listener.onStart(join(directory, `run-${number}`));
        listener.onStep({ step: 10, totalSteps: 20, seconds: 1 });
        const outcome = outcomes[number - 1];
        if (outcome instanceof Error) throw outcome;
        if (outcome.state !== 'broke off') await listener.onTest([{ examples: 10, testError: number / 10 }]);
        return outcome;
      },
      interrupt() {},
      end() {},
    };
    const lines: string[] = [];
    const observer = sweepProgress(line => lines.push(line));
    observer.begin?.(info);
    await new Search(folder, info, new Map(), runner, [observer])
      .run(1)
      .catch(error => lines.push(String(error)));
    return { folder, lines, states: readSweepInfo(folder).trials.map(({ state }) => state) };
  }

  const broken: TrialOutcome = { state: 'broke off', reason: 'found NaN' };

  test('notes a trial that fails with its reason, and goes on', async () => {
    const info = newInfo(3);
    const { folder, lines, states } = await searchWith('one', info, [
      broken,
      { state: 'finished' },
      { state: 'finished' },
    ]);
    assert.deepEqual(states, ['broke off', 'finished', 'finished']);
    assert.match(lines[1], /^trial 1 broke off: found NaN; 1 of 3 trials done/);
    assert.equal(lines[3], 'trial 2, step 10 of 20: test error 20.00 %');
    const { trials, best } = sweepResult(folder, info);
    assert.deepEqual(
      trials.map(({ number }) => number),
      [2, 3, 1],
    );
    assert.deepEqual([best.testError, best.hyperparameters.learningRate], [0.2, 0.2]);
    assert.equal(trials[2].reason, 'found NaN');
  });

  test('says why when all of them fail', async () => {
    const info = newInfo(2);
    const { folder } = await searchWith('all', info, [broken, broken]);
    assert.throws(() => sweepResult(folder, info), {
      name: 'UserError',
      message:
        'Expected a trial that was tested, found that trial 1 broke off: found NaN. search another space',
    });
  });

  test('begins no other trial after one that was interrupted, or that ended with an error of the search', async () => {
    const finished: TrialOutcome = { state: 'finished' };
    const stopped = await searchWith('stopped', newInfo(3), [finished, { state: 'interrupted' }, finished]);
    assert.deepEqual(stopped.states, ['finished', 'interrupted', 'waiting']);
    const failed = await searchWith('failed', newInfo(3), [finished, new Error('cell stopped'), finished]);
    assert.deepEqual(failed.states, ['finished', 'interrupted', 'waiting']);
    assert.equal(failed.lines[failed.lines.length - 1], 'Error: cell stopped');
  });
});

test('in a notebook one output is drawn anew, and the chart comes at the end', async () => {
  const shown: { bundle: MimeBundle; id?: string; update?: boolean }[] = [];
  const display: KernelApi['display'] = (bundle, { displayId: id, update } = {}) =>
    void shown.push({ bundle, id, update });
  setCurrentKernel({ display, interrupted: () => false } as KernelApi);
  const space = { learningRate: choice([0.05, 0.1]), cell: choice([{ kind: 'gru' }]) };
  const settings = { ...hyperparameters, epochs: 1 };
  await sweep(smallSets(), space, { method: 'grid', settings, directory, name: 'shown' });
  const chart = shown.pop()!;
  assert.ok('application/vnd.plotly.v1+json' in chart.bundle);
  const [first, ...updates] = shown;
  assert.equal(first.update, false);
  assert.ok(updates.length >= 2 * 3 && updates.every(({ id, update }) => id === first.id && update));
  const html = updates.map(({ bundle }) => String(bundle['text/html']));
  assert.match(html[0], /<progress max="2" value="0"/);
  assert.ok(html.some(text => /running<\/td><td[^>]*>5 of 10</.test(text)));
  assert.ok(html.some(text => text.includes('1 of 2 trials done, 0:0')));
  const last = html[html.length - 1];
  assert.doesNotMatch(last, /<progress|running|waiting|color/);
  assert.match(last, /font-weight: bold"><td[^>]*>[12] ★</);
  assert.match(
    String(updates[updates.length - 1].bundle['text/plain']),
    /\n1.* 0\.05 +gru +finished +10 of 10 /,
  );
});

test('text of others is escaped in the table', async () => {
  const { sweepTable } = await import('../../lib/views/sweep_table');
  const trial = { number: 1, settings: { dropout: 0.1 }, state: 'broke off', step: 0, seconds: 0 } as const;
  const html = tableHtml(sweepTable({ dropout: choice([0.1]) }, [{ ...trial, reason: '<script>"&' }]));
  assert.ok(html.includes('broke off: &lt;script&gt;&quot;&amp;'));
});
