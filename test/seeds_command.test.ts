/** `npm run seeds -- --of <runs...>`: what a comparison recommends where one seed proves little. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { readDataSets, type DataSets } from '../lib/data';
import { findRuns } from '../lib/runs/list_runs';
import { readRun } from '../lib/runs/read_run';
import { createRun } from '../lib/training/create_run';
import { train } from '../lib/training/train';
import { root } from '../scripts/child_process';
import { plansOf, seedsOf } from '../scripts/seeds/of_runs';
import { examples, writeExamples } from './data/idx_files';
import { quiet, runsFolder } from './support/training';

const directory = runsFolder();
const data = join(runsFolder(), 'data');
const settings = { cell: { kind: 'basic' }, numLayers: 1, numHidden: 4, batchSize: 16, epochs: 1 } as const;

describe('further seeds of runs', () => {
  let sets: DataSets;
  const folders: string[] = [];

  before(async () => {
    writeExamples(data, examples(64, 4, 4), examples(32, 4, 4));
    sets = await readDataSets(data, { oneHot: true, validationSize: 0 });
    for (const [seed, learningRate] of [0.01, 0.0001].entries()) {
      const name = `rate${learningRate}`;
      const run = createRun(sets, { ...settings, learningRate, seed }, { ...quiet, directory, name });
      await train(run, quiet);
      run.dispose();
      folders.push(run.folder);
    }
  });

  test('are trained, the same for all runs, and compared; those that are there are taken', () => {
    const of = folders.map(folder => basename(folder));
    const words = [
      '--of',
      ...of,
      '--seeds',
      '3',
      '--runs',
      directory,
      '--data',
      data,
      '--validation-size',
      '0',
    ];
    const script = ['-r', 'ts-node/register/transpile-only', join('scripts', 'seeds.ts')];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...script, ...words], {
      cwd: root,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /== 6 of 6: rate0\.0001, seed 2\n/);
    assert.match(stdout, /in the mean of the same 3 seeds; .*95 % interval/);
    const { runs } = findRuns({ directory });
    const members = runs.map(({ group, hyperparameters: { seed } }) => `${group} ${String(seed)}`).sort();
    assert.deepEqual(members, [
      'rate0.0001 0',
      'rate0.0001 1',
      'rate0.0001 2',
      'rate0.01 0',
      'rate0.01 1',
      'rate0.01 2',
    ]);
    assert.deepEqual(
      folders.map(folder => readRun(folder).group),
      ['rate0.01', 'rate0.0001'],
    );
    assert.deepEqual(seedsOf([readRun(folders[0])], 5, directory), [0, 1, 2, 3, 4]);
  });

  test('are refused for other data, and for a run that its settings do not make again', () => {
    const run = readRun(folders[0]);
    const fewer = { ...sets, train: sets.train.take(32) };
    assert.throws(
      () => plansOf([run], fewer),
      /Expected the data that .* was made with, found other training images/,
    );
    const set = { dropout: 0.5 };
    const changed = { ...run, changes: [{ step: 1, epoch: 0, set, seconds: 1 }] };
    assert.throws(
      () => plansOf([changed], sets),
      /found \S+-rate0\.01, which had settings changed while it was trained/,
    );
  });
});
