import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHyperparameters } from '../../lib/model/hyperparameters';
import { settingImportances } from '../../lib/search/importance';
import {
  choice,
  integer,
  logUniform,
  randomPoints,
  uniform,
  type Sample,
  type Space,
} from '../../lib/search/space';
import type { TrialResult } from '../../lib/search/sweep_result';

const space: Space = {
  learningRate: logUniform(1e-4, 1),
  dropout: uniform(0, 0.9),
  numHidden: integer(1, 100),
  cell: choice([{ kind: 'gru' }, { kind: 'lstm' }]),
};

function trialsWith(
  errorOf: (settings: Record<string, number> & Sample, i: number) => number,
  count = 60,
): TrialResult[] {
  return randomPoints(space, count, 1).map((settings, i) => ({
    ...{ number: i + 1, settings, hyperparameters: parseHyperparameters(settings), state: 'finished' },
    ...{ testError: errorOf(settings as never, i), step: 100, seconds: 1 },
  }));
}

test('the setting on which the error depends is far above what chance gives, the others are not', () => {
  const rate = ({ learningRate }: Record<string, number>) => Math.abs(Math.log10(learningRate) + 2) / 4;
  const [first, ...others] = settingImportances({ space, trials: trialsWith(rate) });
  assert.equal(first.name, 'learningRate');
  assert.ok(first.importance > 0.6 && first.importance > 3 * first.byChance, JSON.stringify(first));
  assert.ok(others.every(({ importance, byChance }) => importance < 1.5 * byChance), JSON.stringify(others)); // prettier-ignore
  const sum = [first, ...others].reduce((total, { importance }) => total + importance, 0);
  assert.ok(Math.abs(sum - 1) < 1e-9);
});

test('of a choice it is Pearson’s divergence of counts with one more of each', () => {
  // The best quarter of 20, 5 trials, all have the first of two choices; of all, 10 have it. With the prior 6/7 and 1/7
  // against 1/2: (12/7 - 1)² = (5/7)². All have the same number of layers: only the prior makes a difference there.
  const only: Space = { cell: space.cell, numLayers: choice([1, 2, 3, 4]) };
  const [gru, lstm] = [{ kind: 'gru' }, { kind: 'lstm' }];
  const trials = trialsWith((_, i) => i / 20, 20).map((trial, i) => {
    return { ...trial, settings: { cell: i < 10 ? gru : lstm, numLayers: 1 } };
  });
  const [cell, layers] = settingImportances({ space: only, trials });
  const [p, q] = [[6 / 9, 1 / 9], [21 / 24, 1 / 24]]; // prettier-ignore
  const same = (p[0] / q[0] - 1) ** 2 * q[0] + 3 * (p[1] / q[1] - 1) ** 2 * q[1];
  const expected = (5 / 7) ** 2 / ((5 / 7) ** 2 + same);
  assert.deepEqual([cell.name, layers.name], ['cell', 'numLayers']);
  assert.ok(Math.abs(cell.importance - expected) < 1e-12, `${cell.importance} instead of ${expected}`);
});

test('it is the same each time, whatever the order of the trials', () => {
  const trials = trialsWith(({ dropout, numHidden }) => dropout * numHidden / 100); // prettier-ignore
  assert.deepEqual(
    settingImportances({ space, trials: [...trials].reverse() }),
    settingImportances({ space, trials }),
  );
});

test('fewer than ten trials that have ended are too few', () => {
  const trials = trialsWith(() => 0.1, 12).map((trial, i) =>
    i < 3 ? { ...trial, state: 'running' as const } : trial,
  );
  assert.throws(() => settingImportances({ space, trials }), { name: 'UserError', message: /at least 10 trials that have ended, found 9/ }); // prettier-ignore
});
