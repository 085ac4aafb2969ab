/** Groups of seeds compared by what their runs recorded, and what is said of them. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { afterEach, describe, mock, test } from 'node:test';
import { DataSet } from '../../../lib/data';
import { createRandom } from '../../../lib/base/random';
import { setPlace } from '../../../lib/base/remedy';
import { setCurrentKernel, type KernelApi, type MimeBundle } from '../../../lib/display/kernel_api';
import { Run } from '../../../lib/runs/run';
import { compareGroups, groupsTable, showGroupComparison } from '../../../lib/views/groups/compare_groups';
import { runsFolder } from '../../support/training';

const numImages = 200;
const labels = Uint8Array.from({ length: numImages }, (_, i) => i % 3);
const content = {
  images: new Uint8Array(numImages * 12),
  labels,
  rows: 4,
  columns: 3,
  numClasses: 3,
  oneHot: true,
};
const testImages = new DataSet(content, createRandom(0));
const directory = runsFolder();

/** A finished run that takes the images with these indices for the next class. */
function record(
  group: string,
  seed: number,
  wrong: number[],
  settings: object = {},
  end?: 'stopped',
): string {
  const run = new Run({ name: 'n', hyperparameters: { seed, ...settings }, directory, group });
  run.logTrain(0, { loss: 1, errorRate: 0.5 });
  const predictions = labels.map((label, i) => (label + Number(wrong.includes(i))) % 3);
  run.logTest(0, { errorRate: wrong.length / numImages, meanLoss: 1, predictions });
  run.close(end);
  return run.folder;
}

const span = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i);

for (const seed of [0, 1, 2, 3]) {
  record('good', seed, span(0, 10 + (seed % 2)), { learningRate: 0.01 });
  record('bad', seed, span(0, 60 + 2 * seed), { learningRate: 0.1 });
}
for (const [seed, wrong] of [12, 14, 40, 42].entries()) {
  record('unsteady', seed, span(0, wrong), { learningRate: 0.05 });
}
for (const seed of [0, 1]) record('like good', seed, span(0, 11 + seed), { learningRate: 0.02 });
for (const seed of [5, 6]) record('same', seed, span(0, 10 + (seed % 2)), { learningRate: 0.03 });

const compare = (...groups: Parameters<typeof compareGroups>[0]) =>
  compareGroups(groups, { test: testImages, directory });

afterEach(() => {
  setCurrentKernel(undefined);
  setPlace('program');
  mock.restoreAll();
});

describe('a comparison of groups', () => {
  test('is paired where the seeds are the same, and says for which question each interval is', () => {
    const { pairs, groups, settings, leftOut } = compare('bad', 'good');
    const [{ difference, paired, verdict, pValue }] = pairs;
    assert.deepEqual(
      [groups[0].seeds, groups[1].errors],
      [
        [0, 1, 2, 3],
        [0.05, 0.055, 0.05, 0.055],
      ],
    );
    assert.deepEqual(settings, [{ name: 'learningRate', values: ['0.1', '0.01'] }]);
    assert.ok(paired && Math.abs(difference + 0.2625) < 1e-12 && pValue < 1e-4);
    // Both intervals by scipy: per image a mean difference of −1 for 49 to −0.25 for 5, per seed −0.25 to −0.275.
    assert.match(
      verdict,
      /^good is better than bad: 5\.25 % against 31\.50 % errors in the mean of the same 4 seeds; the difference of 26\.25 percentage points \(95 % interval \d\d\.\d\d to \d\d\.\d\d for other seeds and other images of this kind, \d\d\.\d\d to \d\d\.\d\d for other seeds on these images\) is more than chance \(p < 0\.0001\)$/,
    );
    assert.deepEqual(leftOut, []);
  });

  test('that may be chance tells how many seeds would settle it, and the command', () => {
    setPlace('shell');
    const [{ verdict, seedsNeeded }] = compare('good', 'unsteady').pairs;
    assert.ok(seedsNeeded > 4 && seedsNeeded < 50, String(seedsNeeded));
    const settled = `${seedsNeeded} seeds of each would settle it \\(4 times in 5\\)\\. npm run seeds -- --of`;
    const command = `${settled} \\S+-n\\S* \\S+-n\\S* --seeds ${seedsNeeded} trains`;
    assert.match(
      verdict,
      new RegExp(`good and unsteady cannot be told apart: .* If it is as large as it looks, ${command}`),
    );
    const [{ verdict: tooFew, paired }] = compare('good', 'like good').pairs;
    assert.equal(paired, false);
    assert.match(
      tooFew,
      /of 4 seeds of good and 2 of like good, which are not paired; .* Even 1000 seeds of each would not settle/,
    );
    assert.match(compare('good', 'same').pairs[0].verdict, /Nothing speaks for either of them$/);
  });

  test('of several groups is corrected for their number', () => {
    const { pairs } = compare('good', 'bad', 'like good');
    const alone = compare('good', 'like good').pairs[0];
    assert.match(pairs[0].verdict, /by Holm's correction for 2 comparisons/);
    assert.equal(pairs[1].pValue, alone.pValue); // the larger one is multiplied by one
    assert.ok(pairs[0].pValue >= 2 * compare('good', 'bad').pairs[0].newImages.pValue);
  });

  test('takes lists of runs, and leaves out what cannot be used', () => {
    const stopped = record('odd', 2, span(0, 10), {}, 'stopped');
    const lost = record('odd', 3, span(0, 10));
    rmSync(`${lost}/predictions.json`);
    const runs = [record('odd', 0, span(0, 9)), record('odd', 1, span(0, 11)), record('odd', 1, span(0, 12))];
    const { groups, leftOut } = compare([...runs, stopped, lost], 'good');
    assert.deepEqual([groups[0].name, groups[0].seeds, groups[0].errors], ['odd', [0, 1], [0.045, 0.06]]);
    assert.equal(leftOut.length, 3);
    assert.match(leftOut.join('\n'), /not finished: stopped\n.*no predictions.*\n.* has the same seed, 1/);
  });

  test('refuses what is no group of seeds', () => {
    assert.throws(() => compare('good'), /Expected at least two groups to compare, found 1/);
    assert.throws(() => compare('good', 'goood'), /none that is called 'goood'; did you mean good\?/);
    assert.throws(() => compare('good', 'good'), /Expected groups with different names, found 'good' twice/);
    record('mixed', 0, [1], { dropout: 0 });
    record('mixed', 1, [1], { dropout: 0.5 });
    assert.throws(
      () => compare('good', 'mixed'),
      /differ only in their seed in the group 'mixed', found dropout 0 and 0\.5: /,
    );
    setPlace('shell');
    record('single', 4, [1]);
    assert.throws(
      () => compare('good', 'single'),
      /at least two seeds in the group 'single', found 1 .*npm run seeds -- --of \S+ --seeds 5/,
    );
  });

  test('is shown as a table with the verdicts, in a notebook with the curves of each group', async () => {
    const shown: MimeBundle[] = [];
    const comparison = compare('good', 'bad');
    const { columns, rows, notes } = groupsTable(comparison);
    assert.deepEqual(columns.map(({ title }) => title).slice(0, 3), ['group', 'learningRate', 'seeds']);
    assert.deepEqual(rows[1], ['bad', '0.1', '4', '31.50 %', '1.29 %', '30.00 %', '33.00 %']);
    assert.equal(notes?.length, 1);
    setCurrentKernel({ display: (bundle: MimeBundle) => void shown.push(bundle) } as KernelApi);
    await showGroupComparison(comparison);
    const texts = shown.map(bundle => bundle['text/plain'] as string);
    assert.match(
      texts[1],
      /^Training curves of 2 runs\. good \(4 runs\): .*test error 5\.25 % \(5\.00 % to 5\.50 % of 4 runs\)/,
    );
  });
});
