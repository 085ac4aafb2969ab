/**
 * A run whose files are damaged in some hundred ways, always the same ones: whatever is changed is named or has no
 * effect, and a run that goes on has the weights and the curves that it had.
 */
import assert from 'node:assert/strict';
import fs, {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, mock, test } from 'node:test';
import { UserError } from '../../lib/base/errors';
import { createRandom, type Random } from '../../lib/base/random';
import { checkpointNames } from '../../lib/runs/checkpoints';
import { compareRuns } from '../../lib/runs/compare_runs';
import { findRuns } from '../../lib/runs/list_runs';
import { readRun, type StoredRun } from '../../lib/runs/read_run';
import { comparisonTable } from '../../lib/views/show_comparison';
import { runsTable } from '../../lib/views/show_runs';
import { uniform } from '../../lib/search/space';
import { sweep } from '../../lib/views/sweep';
import { readSweep } from '../../lib/search/sweep_result';
import { resume } from '../../lib/training/create_run';
import { train } from '../../lib/views/train';
import { quiet, runsFolder, smallRun, smallSets, weightsOf } from '../support/training';
import { mutations, type Mutation } from './mutations';

const directory = runsFolder();
const [original, altered] = ['original', 'altered'].map(name => join(directory, name));
const data = smallSets();
let id = '';
let whole: StoredRun;
let listing: unknown;
/** By step, of the checkpoints. */
const weights = new Map<number, unknown>();

after(() => mock.restoreAll());
before(async () => {
  mock.method(fs, 'fsyncSync', () => {}); // a real disk takes most of the time for it
  const run = smallRun(original, { numLayers: 1, numHidden: 4, testFreq: 4 });
  smallRun(original, { seed: 1 }, { name: 'other' }).dispose();
  const stop = ({ step }: { step: number }) => {
    if (step === 6) run.set({ learningRate: 0.005 });
    if (step === 18) run.stop();
  };
  await train(run, {
    observers: [{ step: stop, test: ({ step }) => void weights.set(step, weightsOf(run)) }],
  });
  weights.set(18, weightsOf(run));
  whole = readRun(run.folder);
  id = whole.id;
  listing = listingOf(original);
});

/** What listing and comparison show, times of day aside. */
function listingOf(folder: string): unknown {
  const list = findRuns({ directory: folder });
  const folders = readdirSync(folder).map(name => join(folder, name));
  const comparison = attempt(() => compareRuns(folders, { test: data.test }));
  return [runsTable(list), comparison && comparisonTable(comparison)];
}

/** What fails with something other than a UserError is a programming error. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const key = (point: object) => JSON.stringify(point);
const pointsOf = ({ train, test, changes }: Pick<StoredRun, 'train' | 'test' | 'changes'>) =>
  [...train, ...test, ...changes].map(key);

/** Files that were set aside, as one text. */
function keptAside(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.includes('.damaged') && statSync(join(folder, name)).isFile())
    .map(name => readFileSync(join(folder, name), 'latin1'))
    .join('');
}

function withoutChecksums(text: string): string {
  return text.replace(/,\s*"sha256": "\w+"/, '').replace(/,"line":\d+,"crc":"\w+"/g, '');
}

function checkAltered(): void {
  const folder = join(altered, id);
  const list = findRuns({ directory: altered });
  const found = list.runs.find(run => run.id === id);
  const named = found ? found.problems.length > 0 : list.unreadable.some(run => run.id === id);
  const shown = listingOf(altered);
  // A run without predictions is possible; a comparison says that they are not there.
  if (!named && existsSync(join(folder, 'predictions.json'))) {
    assert.deepEqual(shown, listing, 'the listing or the comparison changed without a word');
  }
  if (!found) return;
  const known = new Set(pointsOf(whole));
  const readable = pointsOf(found);
  assert.ok(
    readable.every(point => known.has(point)),
    'a point that was never measured',
  );
  if (!named) assert.deepEqual(readable, pointsOf(whole));

  const run = attempt(() => resume(folder, data, quiet));
  if (!run) return;
  try {
    assert.deepEqual(weightsOf(run), weights.get(run.lastStep), `other weights at step ${run.lastStep}`);
    const kept = new Set(pointsOf(run.history));
    assert.ok([...kept].every(point => known.has(point)));
    const aside = keptAside(folder);
    for (const point of readable) {
      const { step } = JSON.parse(point) as { step: number };
      const inside = point.slice(1, -1);
      assert.ok(step > 18 || kept.has(point) || aside.includes(inside), `lost: ${point}`);
    }
    const again = readRun(folder);
    const gone = whole.train.filter(({ step }) => step <= run.lastStep).length - again.train.length;
    assert.ok(gone === 0 || again.problems.length > 0, 'records are missing, and nothing says so');
  } finally {
    run.dispose();
  }
}

function renew(): void {
  rmSync(altered, { recursive: true, force: true });
  cpSync(original, altered, { recursive: true });
}

function alter(file: string, mutate: Mutation, random: Random): void {
  renew();
  mutate(join(altered, id, file), random);
}

describe('a damaged run is never believed, and never lost', () => {
  const files = [
    'run.json',
    'hyperparameters.json',
    'metrics.jsonl',
    'predictions.json',
    'test_predictions.json',
    'newest checkpoint',
  ];
  for (const file of files) {
    test(file, () => {
      const random = createRandom(13).fork(file);
      for (const [name, mutate] of Object.entries(mutations)) {
        const rounds = ['a bit flipped', 'a digit changed', 'a hostile value', 'cut'].includes(name) ? 8 : 1;
        for (let round = 0; round < rounds; round++) {
          const path = file.includes('.') ? file : join('checkpoints', checkpointNames(whole.folder)[0]);
          alter(path, mutate, random);
          try {
            checkAltered();
          } catch (error) {
            throw new Error(`${file}, ${name}, round ${round}: ${(error as Error).message}`, {
              cause: error,
            });
          }
        }
      }
    });
  }

  test('lock: whatever stands there and names no process that lives does not count', () => {
    const contents = [
      ...[
        '',
        'null',
        '{}',
        '[]',
        '7',
        'text',
        '<html>',
        '{"pid":1',
        '{"pid":"1","host":"here"}',
        '\u0000\u0000',
      ],
      ...['{"pid":-1,"host":"here"}', '{"pid":0,"host":"here"}', '{"pid":1e999,"host":"here"}', '{"pid":1}'],
    ];
    for (const content of [...contents, undefined]) {
      renew();
      const lock = join(altered, id, 'lock');
      if (content === undefined) mkdirSync(join(lock, 'inner'), { recursive: true });
      else writeFileSync(lock, content);
      const { info, problems } = readRun(join(altered, id));
      assert.equal(info.state, 'stopped', content);
      assert.match(problems.join(), /^lock: damaged: .*; it is taken for nobody's$/, content);
      checkAltered();
      assert.deepEqual(readRun(join(altered, id)).problems, []);
      assert.equal(existsSync(`${lock}.damaged`), true);
    }
  });

  test('a run from before there were checksums: read as ever, and no damage is a programming error', () => {
    renew();
    const files = ['run.json', 'hyperparameters.json', 'predictions.json', 'metrics.jsonl'];
    const path = (file: string) => join(altered, id, file);
    const older = new Map(files.map(file => [file, withoutChecksums(readFileSync(path(file), 'utf8'))]));
    const restore = () =>
      older.forEach((content, file) => {
        rmSync(path(file), { recursive: true, force: true });
        writeFileSync(path(file), content);
      });
    restore();
    const { problems, ...run } = readRun(join(altered, id));
    assert.deepEqual([problems, pointsOf(run)], [[], pointsOf(whole)]);
    const random = createRandom(13).fork('older');
    for (const file of files) {
      for (const mutate of Object.values(mutations)) {
        for (let round = 0; round < 4; round++) {
          restore();
          mutate(path(file), random);
          listingOf(altered);
          const resumed = attempt(() => resume(join(altered, id), data, quiet));
          if (resumed) assert.deepEqual(weightsOf(resumed), weights.get(18));
          resumed?.dispose();
        }
      }
    }
  });

  test('sweep.json', async () => {
    const random = createRandom(13).fork('sweep.json');
    const settings = { numLayers: 1, numHidden: 2, batchSize: 50, epochs: 1 };
    const options = { trials: 2, settings, directory: join(directory, 'sweeps'), ...quiet };
    const { folder, trials } = await sweep(data, { dropout: uniform(0, 0.5) }, options);
    const path = join(folder, 'sweep.json');
    const content = readFileSync(path);
    for (const [name, mutate] of Object.entries(mutations)) {
      for (let round = 0; round < (name === 'a hostile value' ? 16 : 4); round++) {
        rmSync(path, { recursive: true, force: true });
        writeFileSync(path, content);
        mutate(path, random);
        const found = attempt(() => readSweep(folder));
        if (found) assert.deepEqual(found.trials, trials, `${name}, round ${round}`);
      }
    }
  });

  test('checkpoints: a folder that is a file, and one with all of them damaged', () => {
    for (const damage of [
      (folder: string) => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, 'x');
      },
      (folder: string) => readdirSync(folder).forEach(name => truncateSync(join(folder, name), 100)),
    ]) {
      renew();
      damage(join(altered, id, 'checkpoints'));
      checkAltered();
      assert.throws(() => resume(join(altered, id), data, quiet), { name: 'UserError' });
    }
  });
});
