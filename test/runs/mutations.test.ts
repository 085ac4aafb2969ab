/**
 * A run whose files are damaged in some hundred ways, always the same ones: whatever is changed is named or has no
 * effect, and a run that goes on has the weights and the curves that it had.
 */
import assert from 'node:assert/strict';
import {
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
import { before, describe, test } from 'node:test';
import { UserError } from '../../lib/errors';
import { createRandom, type Random } from '../../lib/random';
import { checkpointNames } from '../../lib/runs/checkpoints';
import { compareRuns } from '../../lib/runs/compare_runs';
import { findRuns } from '../../lib/runs/list_runs';
import { readRun, type StoredRun } from '../../lib/runs/read_run';
import { comparisonTable } from '../../lib/runs/show_comparison';
import { runsTable } from '../../lib/runs/show_runs';
import { resume } from '../../lib/training/create_run';
import { train } from '../../lib/training/train';
import { quiet, runsFolder, smallRun, smallSets, weightsOf } from '../support/training';

const directory = runsFolder();
const [original, altered] = ['original', 'altered'].map(name => join(directory, name));
const data = smallSets();
let id = '';
let whole: StoredRun;
let listing: unknown;
/** By step, of the checkpoints. */
const weights = new Map<number, unknown>();

before(async () => {
  const run = smallRun(original, { numLayers: 1, numHidden: 4, testFreq: 4 });
  smallRun(original, { seed: 1 }, { name: 'other' }).dispose();
  const stop = ({ step }: { step: number }) => {
    if (step === 6) run.set({ learningRate: 0.005 });
    if (step === 18) run.stop();
  };
  await train(run, { ...quiet, onStep: stop, onTest: ({ step }) => void weights.set(step, weightsOf(run)) });
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

type Mutation = (path: string, random: Random) => void;

const rewrite =
  (change: (bytes: Buffer, random: Random) => Buffer): Mutation =>
  (path, random) =>
    writeFileSync(path, change(readFileSync(path), random));

/** Values that no file of a run has, in the place of a number or a string. */
const hostile = [
  ...['NaN', '1e999', '-1', '-7', '1e300', '0.5', 'null', '{}', '[]', '"7"', '""', '"constructor"', 'true'],
  ...['"<img src=x onerror=alert(1)>"', '"javascript:alert(1)"', '"../../../etc"'],
];

const mutations: Record<string, Mutation> = {
  'a bit flipped': rewrite((bytes, random) => {
    bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
    return bytes;
  }),
  'a digit changed': rewrite((bytes, random) => {
    const places = [...bytes.keys()].filter(i => bytes[i] >= 48 && bytes[i] <= 57);
    const place = places[random.integer(places.length)];
    bytes[place] = 48 + ((bytes[place] - 48 + 1 + random.integer(9)) % 10);
    return bytes;
  }),
  'a hostile value': rewrite((bytes, random) => {
    const text = bytes.toString('latin1');
    const values = [...text.matchAll(/(?<=[:[,] ?)(-?\d[\d.e+-]*|"[^"\\]*"(?!:))/g)];
    const { index = 0, 0: old } = values[random.integer(values.length)];
    const value = hostile[random.integer(hostile.length)];
    return Buffer.from(text.slice(0, index) + value + text.slice(index + old.length), 'latin1');
  }),
  cut: (path, random) => truncateSync(path, random.integer(statSync(path).size)),
  emptied: path => truncateSync(path),
  missing: path => rmSync(path),
  'a folder instead': path => {
    rmSync(path);
    mkdirSync(path);
  },
  'bytes that are no UTF-8': rewrite((bytes, random) => {
    const place = random.integer(bytes.length);
    return Buffer.concat([bytes.subarray(0, place), Buffer.from([0xff, 0xc0]), bytes.subarray(place)]);
  }),
  'UTF-16': rewrite(bytes => Buffer.from(bytes.toString('latin1'), 'utf16le')),
  'a byte order mark': rewrite(bytes => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes])),
  'line ends of Windows': rewrite(bytes =>
    Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
  ),
  'zeros at the end': rewrite(bytes => Buffer.concat([bytes, Buffer.alloc(100)])),
  'a line doubled': rewrite((bytes, random) => {
    const lines = bytes.toString('latin1').split('\n');
    const place = random.integer(lines.length);
    return Buffer.from([...lines.slice(0, place), lines[place], ...lines.slice(place)].join('\n'), 'latin1');
  }),
  'a line left out': rewrite((bytes, random) => {
    const lines = bytes.toString('latin1').split('\n');
    lines.splice(random.integer(lines.length - 1), 1);
    return Buffer.from(lines.join('\n'), 'latin1');
  }),
};

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
    const kept = new Set(pointsOf({ ...run, train: run.train, test: run.test, changes: run.changes }));
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

function alter(file: string, mutate: Mutation, random: Random): void {
  rmSync(altered, { recursive: true, force: true });
  cpSync(original, altered, { recursive: true });
  mutate(join(altered, id, file), random);
}

describe('a damaged run is never believed, and never lost', () => {
  const files = [
    'run.json',
    'hyperparameters.json',
    'metrics.jsonl',
    'predictions.json',
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
      rmSync(altered, { recursive: true, force: true });
      cpSync(original, altered, { recursive: true });
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

  test('checkpoints: a folder that is a file, and one with all of them damaged', () => {
    for (const damage of [
      (folder: string) => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, 'x');
      },
      (folder: string) => readdirSync(folder).forEach(name => truncateSync(join(folder, name), 100)),
    ]) {
      rmSync(altered, { recursive: true, force: true });
      cpSync(original, altered, { recursive: true });
      damage(join(altered, id, 'checkpoints'));
      checkAltered();
      assert.throws(() => resume(join(altered, id), data, quiet), { name: 'UserError' });
    }
  });
});
