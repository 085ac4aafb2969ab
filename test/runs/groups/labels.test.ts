/** Groups, tags and notes of runs: given at the start or later, folded in lists and charts. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import type { PlotData } from 'plotly.js';
import { describeFigure } from '../../../lib/charts';
import { foldRuns, summarize } from '../../../lib/runs/groups/fold';
import { labelRun } from '../../../lib/runs/groups/label_run';
import { findRuns } from '../../../lib/runs/list_runs';
import { readRun } from '../../../lib/runs/read_run';
import { Run } from '../../../lib/runs/run';
import { fork } from '../../../lib/training/create_run';
import { train } from '../../../lib/views/train';
import { runCurves } from '../../../lib/views/run_curves';
import { runsTable } from '../../../lib/views/show_runs';
import { root } from '../../../scripts/child_process';
import { quiet, runsFolder, smallRun, smallSets } from '../../support/training';

/** Steps with these losses, then a test with this error. */
function record(
  directory: string,
  seed: number,
  { group, losses = [1], testError = 0.1 }: { group?: string; losses?: number[]; testError?: number } = {},
): string {
  const hyperparameters = { seed, learningRate: group === 'fast' ? 0.1 : 0.01 };
  const run = new Run({ name: `seed${seed}`, hyperparameters, directory, group });
  for (const loss of losses) run.logTrain(0, { loss, errorRate: 0.5 });
  run.logTest(0, { errorRate: testError, meanLoss: 1 });
  run.close();
  return run.folder;
}

describe('labels', () => {
  const directory = runsFolder();

  test('a group given at the start stays when the run goes on; a fork is in none', async () => {
    const run = smallRun(directory, { epochs: 1 }, { group: 'gru, 8 units' });
    await train(run, quiet);
    assert.equal(readRun(run.folder).group, 'gru, 8 units');
    const other = fork(run, smallSets(), {}, quiet);
    assert.equal(readRun(other.folder).group, undefined);
    for (const each of [run, other]) each.dispose();
  });

  test('are given later, one by one, also while the run is written, and taken away again', () => {
    const run = new Run({ name: 'open', hyperparameters: {}, directory, group: 'first' });
    labelRun(run, { tags: ['a', 'b', 'a'] });
    labelRun(run.folder, { note: 'before the fix', group: 'second' });
    run.logTest(0, { errorRate: 0.5, meanLoss: 1 });
    run.close();
    const { group, tags, note } = readRun(run.folder);
    assert.deepEqual({ group, tags, note }, { group: 'second', tags: ['a', 'b'], note: 'before the fix' });
    const without = labelRun(run.folder, { note: '', group: '', tags: [] });
    assert.deepEqual([without.group, without.tags, without.note], [undefined, [], undefined]);
    assert.deepEqual(
      readdirSync(run.folder).filter(name => name.includes('draft')),
      [],
    );
  });

  test('that are not possible are refused, and change nothing', () => {
    const folder = record(directory, 0, { group: 'kept' });
    for (const [labels, message] of [
      [{ tags: ['two words'] }, /found tags\.0: not 1 to 50 characters/],
      [{ group: ' padded' }, /found group: /],
      [{ note: 'two\nlines' }, /found note: not plain text/],
    ] as const) {
      assert.throws(() => labelRun(folder, labels), message);
    }
    assert.throws(() => smallRun(directory, {}, { group: '' }), /Expected a group's name .*, found ""/);
    assert.throws(() => labelRun(join(directory, 'none'), {}), /Expected a run's folder/);
    assert.equal(readRun(folder).group, 'kept');
  });

  test('a damaged file of labels is named, and kept when new ones are written', () => {
    const folder = record(directory, 1, { group: 'kept' });
    writeFileSync(join(folder, 'labels.json'), '{"tags": 7}');
    const { group, problems } = readRun(folder);
    assert.equal(group, 'kept');
    assert.match(problems.join(), /^labels\.json: damaged: tags/);
    labelRun(folder, { tags: ['new'] });
    assert.deepEqual([readRun(folder).tags, readRun(folder).problems], [['new'], []]);
    assert.ok(
      readdirSync(folder).some(name => name.startsWith('labels.json.') || name.startsWith('labels-')),
    );
  });

  test('a run from before there were groups can be read', () => {
    const folder = record(directory, 2);
    assert.doesNotMatch(readFileSync(join(folder, 'run.json'), 'utf8'), /group/);
    const { group, tags, note } = readRun(folder);
    assert.deepEqual([group, tags, note], [undefined, [], undefined]);
  });
});

test('a list folds groups, at the place of their median, and finds those of a group or tag', () => {
  const directory = runsFolder();
  for (const [seed, testError] of [0.2, 0.1, 0.6].entries())
    record(directory, seed, { group: 'slow', testError });
  for (const [seed, testError] of [0.12, 0.14].entries())
    record(directory, seed, { group: 'fast', testError });
  const alone = record(directory, 9, { testError: 0.15 });
  labelRun(alone, { tags: ['x'], note: 'by hand' });
  const { rows, columns, notes = [] } = runsTable(findRuns({ directory }));
  assert.deepEqual(
    rows.map(row => [row[0].replace(/^\d.*-seed/, 'seed'), ...row.slice(1, -2)]),
    [
      ['fast (2 runs)', 'finished', '', '0, 1', '0.1', '13.00 (12.00–14.00)', '13.00 (12.00–14.00)'],
      ['seed9', 'finished', 'x', '9', '0.01', '15.00', '15.00'],
      ['slow (3 runs)', 'finished', '', '0, 1, 2', '0.01', '20.00 (10.00–60.00)', '20.00 (10.00–60.00)'],
    ],
  );
  assert.deepEqual(
    columns.slice(2, 5).map(({ title }) => title),
    ['tags', 'seed', 'learningRate'],
  );
  assert.match(notes[0], /^Errors of a group are its median/);
  assert.match(notes[1], /seed9: by hand$/);
  assert.equal(runsTable(findRuns({ directory }), { fold: false }).rows.length, 6);
  assert.equal(findRuns({ directory, group: 'slow' }).runs.length, 3);
  assert.deepEqual(
    findRuns({ directory, tags: ['x'] }).runs.map(({ folder }) => folder),
    [alone],
  );
});

test('a group of one run is that run, and values are told by the first and the last', () => {
  assert.deepEqual(foldRuns([{ group: 'a' }, {}, { group: 'b' }, { group: 'a' }]), [
    { group: 'a', runs: [{ group: 'a' }, { group: 'a' }] },
    { runs: [{}] },
    { runs: [{ group: 'b' }] },
  ]);
  assert.equal(summarize(['10', '9', '9']), '9, 10');
  assert.equal(summarize(['4', '0', '2', '10', '1']), '0 … 10');
});

test('runCurves draws a group as its median in a band, as far as more than half of its runs came', () => {
  const directory = runsFolder();
  const losses = [
    [4, 3, 2, 1],
    [5, 5, 5],
    [6, 4, 3, 8],
  ];
  const folders = losses.map((own, seed) =>
    record(directory, seed, { group: 'g', losses: own, testError: (seed + 1) / 10 }),
  );
  const figure = runCurves([...folders, record(directory, 7, { losses: [2] })], { smoothing: 0 });
  const traces = figure.data as (PlotData & { fill?: string })[];
  const [lossBand, testBand, loss, tested] = traces;
  assert.deepEqual(
    [loss.x, loss.y],
    [
      [1, 2, 3, 4],
      [5, 4, 3, 4.5],
    ],
  );
  assert.deepEqual(lossBand.y, [4, 3, 2, 1, 8, 5, 5, 6]); // the lowest, and back along the highest
  assert.deepEqual([lossBand.fill, lossBand.line.color], ['toself', loss.line.color]);
  assert.deepEqual([tested.x, tested.y], [[4], [0.2]]); // two of three were tested at step 4, with 0.1 and 0.3
  assert.deepEqual(testBand.y, [0.1, 0.3]);
  const legend = traces.filter(({ showlegend }) => showlegend !== false).map(({ name }) => name);
  assert.deepEqual(legend, ['g (3 runs): seed 0, 1, 2', 'seed7: seed 7']);
  assert.match(
    describeFigure(figure),
    /g \(3 runs\): seed 0, 1, 2: training loss 4\.5 \(1 to 8 of 2 runs\) at step 4/,
  );
  assert.equal(runCurves(folders, { fold: false }).data.length, 6);
});

test('the shell gives labels, takes them away by a dash, and lists by them', () => {
  const directory = runsFolder();
  const ids = [0, 1].map(seed => basename(record(directory, seed)));
  const script = ['-r', 'ts-node/register/transpile-only', join('scripts', 'runs.ts'), '--runs', directory];
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [...script, ...args], { cwd: root, encoding: 'utf8' });
  const given = run('--label', ...ids, '--group', 'two seeds', '--tags', 'a,b', '--note', 'a note');
  assert.deepEqual([given.stdout, given.stderr], [`labelled ${ids.join(', ')}\n`, '']);
  const read = () =>
    ids.map(id => readRun(join(directory, id))).map(({ group, tags, note }) => [group, tags, note]);
  assert.deepEqual(read()[1], ['two seeds', ['a', 'b'], 'a note']);
  run('--label', ids[0], '--note', '-', '--tags', '-');
  assert.deepEqual(read()[0], ['two seeds', [], undefined]);
  assert.match(run().stdout, /^two seeds \(2 runs\)/m);
});
