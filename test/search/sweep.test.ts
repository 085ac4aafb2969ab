import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { findRuns } from '../../lib/runs/list_runs';
import { lockFolder } from '../../lib/base/files/lock';
import { readRun } from '../../lib/runs/read_run';
import { choice, logUniform, uniform } from '../../lib/search/space';
import type { SweepOptions } from '../../lib/search/sweep';
import { readSweepInfo } from '../../lib/search/sweep_file';
import type { SweepObserver } from '../../lib/search/sweep_observer';
import type { SweepResult } from '../../lib/search/sweep_result';
import { readSweep, resumeSweep, showSweep, sweep } from '../../lib/views/sweep';
import { sweepProgress } from '../../lib/views/sweep_view';
import { numbersOf, quiet, runsFolder, small, smallSets } from '../support/training';

const directory = runsFolder();
const settings = { ...small, numLayers: 1, epochs: 4, testFreq: 5 };
const common: SweepOptions = { ...quiet, directory, settings };

/** Three trials that learn and a last one that cannot; eight tests each. */
const space = { learningRate: choice([0.05, 0.1, 0.03, 1e-9]) };
const grid: SweepOptions = { ...common, method: 'grid', graceTests: 2 };

/** Everything but folders and times. */
function outcomeOf({ trials }: SweepResult): object[] {
  return trials.map(
    ({ number, settings, hyperparameters, state, testError, lastTestError, step, folder }) => ({
      ...{ number, settings, hyperparameters, state, testError, lastTestError, step },
      points: numbersOf(readRun(folder!)),
    }),
  );
}

/** Press Ctrl-C when the line comes that begins so. */
function stopAt(start: string): { observers: SweepObserver[]; lines: string[] } {
  const lines: string[] = [];
  const log = (line: string) => {
    lines.push(line);
    if (line.startsWith(start)) process.kill(process.pid, 'SIGINT');
  };
  return { observers: [sweepProgress(log)], lines };
}

describe('a sweep', () => {
  const whole = sweep(smallSets(), space, grid);

  test('trains a run for each trial and stops the hopeless one', async () => {
    const { folder, trials, best, name } = await whole;
    assert.deepEqual(
      trials.map(({ number, state }) => [number, state]).sort(),
      [[1, 'finished'], [2, 'finished'], [3, 'finished'], [4, 'stopped early']], // prettier-ignore
    );
    const hopeless = trials.find(({ number }) => number === 4)!;
    assert.ok(hopeless.step >= 10 && hopeless.step < 40 && hopeless.step % 5 === 0, `${hopeless.step} steps`);
    for (const trial of trials) {
      const run = readRun(trial.folder!);
      assert.equal(run.info.name, `search-trial-${trial.number}`);
      assert.equal(run.info.state, trial.state === 'finished' ? 'finished' : 'stopped');
      assert.deepEqual([run.bestTestError, run.lastTestError], [trial.testError, trial.lastTestError]);
      assert.equal(run.train.length, trial.step);
      assert.deepEqual(run.hyperparameters, trial.hyperparameters);
    }
    const errors = trials.map(({ testError }) => testError!);
    assert.deepEqual(
      errors,
      [...errors].sort((a, b) => a - b),
    );
    assert.deepEqual(best, trials[0]);
    assert.equal(best.hyperparameters.learningRate, best.settings.learningRate);
    assert.equal(name, 'search');
    assert.deepEqual(readSweep(folder), await whole);
    assert.ok(!existsSync(join(folder, 'lock')));
  });

  test('can be shown again: outside a notebook as lines, with the best marked', async t => {
    const print = t.mock.method(console, 'log', () => {});
    const { folder, best } = await whole;
    await showSweep(readSweep(folder));
    const [head, , ...lines] = String(print.mock.calls[0].arguments[0]).split('\n');
    assert.match(head, /^trial +learningRate +state +step +last test error +best +time$/);
    assert.deepEqual(
      lines.map(line => /^\d/.exec(line)?.[0]),
      ['1', '2', '3', '4'],
    );
    assert.match(lines[best.number - 1], /^\d ★ .* finished +40 of 40 /);
    assert.match(lines[3], /^4 +1e-9 +stopped early /);
  });

  test('is no run in the list of runs, but its trials are', async () => {
    const { trials } = await whole;
    const { runs, unreadable } = findRuns({ directory });
    assert.deepEqual(unreadable, []);
    const folders = runs.map(({ folder }) => folder);
    assert.deepEqual(folders.sort(), trials.map(({ folder }) => folder).sort());
  });

  test('stopped and continued, with and without a checkpoint, is the same as at once', async () => {
    const first = stopAt('trial 2, step 20 ');
    const stopped = await sweep(smallSets(), space, { ...grid, name: 'parts', ...first });
    const states = ({ trials }: SweepResult) =>
      [...trials].sort((a, b) => a.number - b.number).map(({ state }) => state);
    assert.deepEqual(states(stopped), ['finished', 'interrupted', 'waiting', 'waiting']);
    const { folder } = stopped;
    assert.equal(
      first.lines[first.lines.length - 1],
      `stopped with 3 trials left: resumeSweep('${folder}', data) goes on`,
    );
    const second = await resumeSweep(folder, smallSets(), stopAt('trial 3, step 10 '));
    assert.deepEqual(states(second), ['finished', 'finished', 'interrupted', 'waiting']);
    const before = second.trials.find(({ number }) => number === 3)!;
    rmSync(join(before.folder!, 'checkpoints'), { recursive: true });
    const rest = await resumeSweep(folder, smallSets(), quiet);
    assert.deepEqual(outcomeOf(rest), outcomeOf(await whole));
    const folderOf = (result: SweepResult, trial: number) =>
      result.trials.find(({ number }) => number === trial)!.folder;
    assert.equal(folderOf(rest, 2), folderOf(stopped, 2)); // went on from its checkpoint
    assert.notEqual(folderOf(rest, 3), before.folder); // had none, and began anew
    const again = await resumeSweep(folder, smallSets(), quiet); // nothing is left
    assert.deepEqual(again, rest);
  });
});

describe('a random search', () => {
  const rates = { learningRate: logUniform(1e-3, 0.1), dropout: uniform(0, 0.5) };
  const options: SweepOptions = {
    ...common,
    directory: runsFolder(),
    settings: { ...settings, epochs: 2 },
    ...{ trials: 3, seed: 3, earlyStopping: 'none' },
  };

  test('in two processes, stopped there and continued in one, gives the same as in one', async () => {
    const one = await sweep(smallSets(), rates, options);
    assert.equal(one.trials.length, 3);
    assert.ok(one.trials.every(({ state, step }) => state === 'finished' && step === 20));
    const stopped = await sweep(smallSets(), rates, {
      ...options,
      processes: 2,
      ...stopAt('trial 3, step 5 '),
    });
    const states = stopped.trials.map(({ state }) => state);
    assert.ok(states.includes('interrupted') && states.includes('finished'), states.join());
    const two = await resumeSweep(stopped.folder, smallSets(), { ...quiet, processes: 1 });
    assert.deepEqual(outcomeOf(two), outcomeOf(one));
  });
});

test('by TPE, in brackets of Hyperband as many as a training’s tests allow', async () => {
  const { folder, trials } = await sweep(
    smallSets(),
    { learningRate: logUniform(1e-3, 0.1) },
    {
      ...{ ...common, directory: runsFolder(), settings: { ...settings, epochs: 2 } },
      ...{ method: 'tpe', trials: 2, seed: 3, earlyStopping: 'hyperband', graceTests: 1 },
    },
  );
  const info = readSweepInfo(folder);
  assert.deepEqual([info.method, info.brackets, trials.length], ['tpe', 2, 2]);
  for (const { folder: run, state } of trials) {
    assert.equal(state, 'finished');
    assert.equal(readRun(run!).test.length, 4); // first rungs after one and after three
  }
});

describe('refused before anything is trained:', () => {
  const none = join(directory, 'none');
  const refuses = (options: SweepOptions, message: RegExp, tried: object = space) =>
    assert.rejects(sweep(smallSets(), tried, { ...common, directory: none, ...options }), {
      name: 'UserError',
      message,
    });

  test('options that are not possible', async () => {
    await refuses({}, /Expected the number of trials, found none/);
    await refuses({ method: 'tpe' }, /Expected the number of trials, found none/);
    await refuses({ trials: 0 }, /integer from 1 up as trials, found 0/);
    await refuses({ trials: 2, points: 3 }, /points in a grid only/);
    await refuses({ method: 'grid', trials: 3 }, /a grid without trials/);
    await refuses({ trials: 2, processes: 1.5 }, /as processes, found 1.5/);
    await refuses({ trials: 2, graceTests: 0 }, /as graceTests, found 0/);
    await refuses({ trials: 2, name: 'a/b' }, /found "a\/b-sweep"/);
    await refuses({ trials: 2 }, /lr: no such setting/, { lr: uniform(0, 1) });
    await refuses({ trials: 2 }, /batchSize: found 101/, { batchSize: choice([10, 101]) });
    assert.ok(!existsSync(none));
  });

  test('to continue what is no sweep, or with other data, or what somebody has', async () => {
    const message = (expected: RegExp) => ({ name: 'UserError', message: expected });
    await assert.rejects(resumeSweep(directory, smallSets()), message(/found no sweep.json/));
    const folder = join(
      directory,
      readdirSync(directory).find(file => file.endsWith('search-sweep'))!,
    );
    const { train, test } = smallSets();
    await assert.rejects(
      resumeSweep(folder, { train: train.take(50), test }),
      message(/found other training images and other training labels/),
    );
    const unlock = lockFolder(folder);
    await assert.rejects(resumeSweep(folder, smallSets()), message(/in use by this process itself/));
    unlock();
    assert.match(readFileSync(join(folder, 'sweep.json'), 'utf8'), /"state": "stopped early"/);
  });
});
