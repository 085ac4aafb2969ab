import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, describe, mock, test } from 'node:test';
import { DataSet } from '../../lib/data';
import { setCurrentKernel, type KernelApi, type MimeBundle } from '../../lib/display/kernel_api';
import { createRandom } from '../../lib/base/random';
import { compareRuns } from '../../lib/runs/compare_runs';
import { readRun } from '../../lib/runs/read_run';
import { Run } from '../../lib/runs/run';
import { showComparison } from '../../lib/views/show_comparison';
import { train } from '../../lib/views/train';
import { root } from '../../scripts/child_process';
import { writeDataSet } from '../data/idx_files';
import { quiet, runsFolder, smallRun, smallSets } from '../support/training';

const directory = runsFolder();
const numImages = 200;
const labels = Uint8Array.from({ length: numImages }, (_, i) => i % 3);
const images = new Uint8Array(numImages * 12);
const content = { images, labels, rows: 4, columns: 3, numClasses: 3, oneHot: true };
const testImages = new DataSet(content, createRandom(0));

/** A recorded run whose last test takes the images with these indices for the next class. */
function record(
  name: string,
  wrong: number[],
  { of = numImages, settings = {}, predict = true } = {},
): string {
  const run = new Run({ name, hyperparameters: { learningRate: 0.01, ...settings }, directory });
  run.logTrain(0, { loss: 1, errorRate: 0.5 });
  const predictions = labels.slice(0, of).map((label, i) => (label + Number(wrong.includes(i))) % 3);
  run.logTest(0, { errorRate: wrong.length / of, meanLoss: 1, ...(predict ? { predictions } : {}) });
  run.close();
  return run.folder;
}

const indices = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i);

/** 10 errors; 40, of which 5 are among the 10; 11, of which all but one are the 10. */
const good = record('good', indices(0, 10));
const bad = record('bad', indices(5, 45), { settings: { learningRate: 0.1 } });
const similar = record('similar', indices(0, 11));

afterEach(() => {
  setCurrentKernel(undefined);
  mock.restoreAll();
});

describe('a comparison', () => {
  test('counts the images that only one of two runs gets wrong, the first against each other one', () => {
    const { pairs, leftOut, names, settings } = compareRuns([good, bad, similar], { test: testImages });
    assert.deepEqual(names, ['good', 'bad', 'similar']);
    assert.deepEqual(settings, [{ name: 'learningRate', values: ['0.01', '0.1', '0.01'] }]);
    assert.deepEqual(
      pairs.map(({ first, second }) => [first, second]),
      [
        ['good', 'bad'],
        ['good', 'similar'],
      ],
    );
    assert.deepEqual(pairs[0].onlyFirstWrong, indices(0, 5));
    assert.deepEqual(pairs[0].onlySecondWrong, indices(10, 45));
    assert.equal(pairs[0].difference, 0.15);
    assert.deepEqual(leftOut, []);
  });

  test('tells in words who is better, whichever comes first', () => {
    // The numbers are computed with Python as those in mcnemar.test.ts are.
    const expected =
      'good is better than bad: 10 against 40 errors; the difference of 15.00 percentage points ' +
      '(95 % interval 9.12 to 21.18) is more than chance (McNemar p < 0.0001)';
    for (const runs of [
      [good, bad],
      [bad, good],
    ]) {
      assert.equal(compareRuns(runs, { test: testImages }).pairs[0].verdict, expected);
    }
  });

  test('tells in words when it may be chance', () => {
    const [{ verdict, pValue }] = compareRuns([good, similar], { test: testImages }).pairs;
    assert.equal(pValue, 1);
    assert.equal(
      verdict,
      'good and similar cannot be told apart: 10 against 11 errors; the difference of 0.50 percentage points ' +
        '(95 % interval −1.58 to 2.77) may be chance (McNemar p = 1)',
    );
  });

  test('takes runs, folders, and names of folders alike', () => {
    const stored = readRun(good);
    const { runs } = compareRuns([stored, { folder: bad }, similar]);
    assert.deepEqual(
      runs.map(({ id }) => id),
      [good, bad, similar].map(folder => basename(folder)),
    );
  });

  test('of runs with the same name calls them by their folders', () => {
    const twin = record('good', indices(0, 30));
    const { names, pairs } = compareRuns([good, twin], { test: testImages });
    assert.deepEqual(names, [basename(good), basename(twin)]);
    assert.match(
      pairs[0].verdict,
      new RegExp(`^${basename(good)} is better than ${basename(twin)}: 10 against 30`),
    );
  });

  test('needs two runs, and no run twice', () => {
    assert.throws(() => compareRuns([good]), /Expected at least two runs to compare, found 1/);
    assert.throws(() => compareRuns([good, bad, good]), /Expected runs that differ, found \S+-good twice/);
    assert.throws(
      () => compareRuns([good, join(directory, 'none')]),
      /Expected a run's folder, found nothing/,
    );
  });
});

describe('left out, with the reason, are', () => {
  const reasonFor = (folder: string, data = testImages) => {
    const { pairs, leftOut } = compareRuns([good, folder, bad], { test: data });
    assert.deepEqual(
      pairs.map(({ second }) => second),
      ['bad'],
    );
    assert.equal(leftOut.length, 1);
    return leftOut[0];
  };

  test('a run without predictions', () => {
    assert.match(reasonFor(record('none', [], { predict: false })), /^none is left out: .* no predictions/);
  });

  test('a run that was tested with another number of images', () => {
    const reason = reasonFor(record('half', [], { of: 100 }));
    assert.equal(
      reason,
      'half is left out: it was tested with 100 images, and the test images given are 200',
    );
  });

  test('a run that was tested with other images', () => {
    const other = new Run({ name: 'other', hyperparameters: {}, directory });
    other.logTest(0, { errorRate: 0.25, meanLoss: 1, predictions: labels.map(label => (label + 1) % 3) });
    other.close();
    assert.match(reasonFor(other.folder), /it recorded 50 errors, and on .* predictions make 200/);
  });

  test('a run whose test is not recorded', () => {
    const folder = record('lost', indices(0, 3));
    rmSync(join(folder, 'metrics.jsonl'));
    assert.match(reasonFor(folder), /its test at step 1 is not recorded/);
  });

  test('all, if it is the first that cannot be compared', () => {
    const none = record('first', [], { predict: false });
    const { pairs, leftOut } = compareRuns([none, good, bad], { test: testImages });
    assert.deepEqual(pairs, []);
    assert.equal(leftOut[1], 'Nothing can be compared with first');
  });

  test('all, without test images', () => {
    const { pairs, leftOut } = compareRuns([good, bad]);
    assert.deepEqual(pairs, []);
    assert.match(leftOut.join(), /compareRuns\(runs, \{ test: mnist\.test \}\)/);
  });
});

describe('a comparison is shown', () => {
  test('in a notebook as table, curves, and the images that one run gets wrong, sixteen at most', async () => {
    const shown: MimeBundle[] = [];
    setCurrentKernel({ display: (bundle: MimeBundle) => void shown.push(bundle) } as KernelApi);
    await showComparison(compareRuns([good, bad], { test: testImages }));
    const texts = shown.map(bundle => bundle['text/plain'] as string);
    assert.equal(texts.length, 6);
    assert.match(texts[0], /learningRate[^]*good is better than bad/);
    assert.match(texts[1], /^Training curves of 2 runs/);
    assert.equal(texts[2], 'The 5 images that bad gets right and good wrong, with the answers of good');
    assert.equal(
      texts[4],
      'The first 16 of 35 images that good gets right and bad wrong, with the answers of bad',
    );
    const pictures = (i: number) =>
      (
        shown[i]['application/vnd.plotly.v1+json'] as {
          layout: { images: unknown[]; annotations: { text: string }[] };
        }
      ).layout;
    assert.deepEqual([pictures(3).images.length, pictures(5).images.length], [5, 16]);
    assert.equal(pictures(5).annotations[0].text, '✗ 2<br>is 1'); // image 10
  });

  test('elsewhere as one table with the verdicts below', async () => {
    const log = mock.method(console, 'log', () => undefined);
    await showComparison(compareRuns([good, bad, similar], { test: testImages }));
    assert.equal(log.mock.callCount(), 1);
    const lines = String(log.mock.calls[0].arguments[0]).split('\n');
    assert.match(lines[0], /^run +learningRate +best test error \(%\) +last test error \(%\) +steps$/);
    assert.match(lines[3], /^bad +0\.1 +20\.00 +20\.00 +1$/);
    assert.match(lines[6], /^good is better than bad/);
    assert.match(lines[7], /^good and similar cannot be told apart/);
    assert.match(lines[8], /another seed/);
    assert.match(lines[9], /^Of 2 comparisons/);
  });
});

test('the shell compares runs by the names of their folders', () => {
  const data = join(runsFolder(), 'data');
  writeDataSet(data); // 8 test images, the label of each is its index modulo 4
  const folders = [0, 1].map(wrong => {
    const run = new Run({ name: `wrong${wrong}`, hyperparameters: {}, directory });
    const predictions = Uint8Array.from({ length: 8 }, (_, i) => (i % 4) ^ Number(i < wrong));
    run.logTest(0, { errorRate: wrong / 8, meanLoss: 1, predictions });
    run.close();
    return run.folder;
  });
  const ids = folders.map(folder => basename(folder));
  const script = ['-r', 'ts-node/register/transpile-only', join('scripts', 'runs.ts'), '--runs', directory];
  const compare = (...runs: string[]) =>
    spawnSync(process.execPath, [...script, '--data', data, '--compare', ...runs], {
      cwd: root,
      encoding: 'utf8',
    });
  const { status, stdout } = compare(...ids);
  assert.equal(status, 0);
  assert.match(stdout, /\nwrong0 and wrong1 cannot be told apart: 0 against 1 errors; /);
  const { status: refused, stderr } = compare(ids[0]);
  assert.deepEqual([refused, stderr], [1, 'Expected at least two runs to compare, found 1\n']);
});

test('trained runs are compared by what they recorded', async () => {
  const { test: data } = smallSets();
  const runs = [
    smallRun(directory, { epochs: 1 }, { name: 'x' }),
    smallRun(directory, { learningRate: 1e-6, epochs: 1 }, { name: 'y' }),
  ];
  for (const run of runs) await train(run, quiet);
  const { pairs, leftOut, settings } = compareRuns(runs, { test: data });
  assert.deepEqual(leftOut, []);
  assert.deepEqual(settings, [{ name: 'learningRate', values: ['0.01', '0.000001'] }]);
  const [x, y] = runs.map(({ history }) => history.test[history.test.length - 1].testError);
  assert.ok(Math.abs(pairs[0].difference - (y - x)) < 1e-12);
  runs.forEach(run => run.dispose());
});
