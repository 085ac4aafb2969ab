/** A search by TPE that is interrupted, and its trials side by side. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { logUniform, randomPoints, uniform, type Sample } from '../../../lib/search/space';
import { readSweepInfo } from '../../../lib/search/sweep_file';
import { sweepResult } from '../../../lib/search/sweep_result';
import { FakeRunner, newSweep, runSearch } from '../../support/searches';
import { runsFolder } from '../../support/training';

const directory = runsFolder();
const space = { learningRate: logUniform(1e-4, 1), dropout: uniform(0, 0.9) };
const errorsOf = ({ learningRate, dropout }: Sample) => [
  0.9,
  Math.min(1, Math.abs(Math.log10(Number(learningRate)) + 2) / 4 + Number(dropout) / 9),
];
const unproposed = (trials: number) => Array.from({ length: trials }, () => ({}));
const newSearch = (processes = 1) => newSweep(space, unproposed(15), { method: 'tpe', seed: 7, processes });

test('a search by TPE that was interrupted proposes the same as one that was not', async () => {
  const whole = await runSearch(join(directory, 'whole'), newSearch(), new FakeRunner(errorsOf));
  const folder = join(directory, 'parts');
  const stopped = await runSearch(folder, newSearch(), new FakeRunner(errorsOf), search => ({
    tested: ({ number, step }) => number === 13 && step === 10 && search().stop(),
  }));
  assert.deepEqual(stopped.trials.map(({ state }) => state).slice(11), ['finished', 'interrupted', 'waiting', 'waiting']); // prettier-ignore
  assert.deepEqual(stopped.trials[13].settings, {});
  assert.equal(sweepResult(folder, stopped).trials.length, 13); // what was not proposed is no result
  const resumed = await runSearch(folder, readSweepInfo(folder), new FakeRunner(errorsOf));
  assert.deepEqual(resumed.trials, whole.trials);
  assert.notDeepEqual(whole.trials[14].settings, randomPoints(space, 15, 7)[14]);
});

test('trials side by side are all different', async () => {
  const { trials } = await runSearch(join(directory, 'three'), newSearch(3), new FakeRunner(errorsOf));
  assert.equal(new Set(trials.map(({ settings }) => JSON.stringify(settings))).size, 15);
  assert.ok(trials.every(({ state }) => state === 'finished'));
});
