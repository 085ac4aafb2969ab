/** The last steps of a run repeated: the same bits, the first one that differs, or why it cannot be told. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { Point } from '../../../lib/runs/metrics';
import { metricsLine, parseMetrics } from '../../../lib/runs/metrics';
import { readSafetensors, writeSafetensors } from '../../../lib/runs/safetensors';
import { createRun } from '../../../lib/training/create_run';
import { train } from '../../../lib/training/train';
import {
  describeVerification,
  verifyRun,
  type VerifyOptions,
} from '../../../lib/training/verification/verify_run';
import { root } from '../../../scripts/child_process';
import { examples, writeExamples } from '../../data/idx_files';
import { readDataSets } from '../../../lib/data';
import { quiet, runsFolder, smallRun, smallSets } from '../../support/training';

const directory = runsFolder();
/** Of the run that is verified, or a damaged copy of it; 20 steps, with checkpoints of the steps 14, 18 and 20 at least. */
let original: string;

before(async () => {
  const settings = { schedule: { kind: 'step' }, learningRateDecay: 0.5, averageDecay: 0.9 } as const;
  const run = smallRun(directory, settings, { name: 'original', keepNewest: 4 });
  // Changed by hand between two tests, and at the very end of an epoch, where the schedule changes the rate, too.
  run.observe({
    step: ({ step }) =>
      void (step === 10 ? run.set({ learningRate: 0.02 }) : step === 15 && run.set({ dropout: 0.1 })),
  });
  await train(run, quiet);
  original = run.folder;
  run.dispose();
});

const checkpointPaths = (folder: string) =>
  readdirSync(join(folder, 'checkpoints'))
    .sort()
    .map(name => join(folder, 'checkpoints', name));
const verify = (folder: string, options: VerifyOptions = {}, sets = smallSets()) =>
  verifyRun(folder, sets, options);

function damaged(name: string, damage: (folder: string) => void): string {
  const folder = join(directory, `copy-${name}`);
  mkdirSync(folder);
  cpSync(original, folder, { recursive: true });
  damage(folder);
  return folder;
}

/** As if the run itself had recorded it: with the right checksum. */
function alterMetrics(folder: string, alter: (point: Point) => Point): void {
  const path = join(folder, 'metrics.jsonl');
  const { lines } = parseMetrics(readFileSync(path));
  writeFileSync(path, lines.map(({ point, number }) => metricsLine(alter(point), number)).join(''));
}

describe('repeated steps', () => {
  test('are the same bits, over changes by hand and by a schedule, in their tests and averaged weights', async () => {
    const before = readFileSync(join(original, 'metrics.jsonl'));
    const seen: number[][] = [];
    const result = await verify(original, { steps: 12, onStep: (...each) => void seen.push(each) });
    assert.deepEqual({ ...result }, { state: 'same', from: 8, to: 20, tests: 3, checkpoints: 3, notes: [] });
    assert.deepEqual(
      [seen[0], seen.at(-1)],
      [
        [1, 12],
        [12, 12],
      ],
    );
    assert.deepEqual(readFileSync(join(original, 'metrics.jsonl')), before);
    assert.match(
      describeVerification(result),
      /^the same bits: steps 9 to 20, with 3 tests and the weights of 3 checkpoints/,
    );
    const last = await verify(original);
    assert.deepEqual([last.state, last.from], ['same', 18]);
    assert.match(
      (await verify(original, { steps: 1000 })).notes.join(),
      /no checkpoint is kept that is 1000 steps before step 20/,
    );
  });

  test('find one weight of which one bit is another', async () => {
    let name = '';
    const folder = damaged('weight', copy => {
      const path = checkpointPaths(copy).at(-1)!;
      const { metadata, tensors } = readSafetensors(path);
      name = Object.keys(tensors).at(-1)!;
      const values = Float32Array.from(tensors[name].values);
      new Uint32Array(values.buffer)[2] ^= 1;
      writeSafetensors(path, { metadata, tensors: { ...tensors, [name]: { ...tensors[name], values } } });
    });
    const { state, reason = '' } = await verify(folder);
    assert.equal(state, 'different');
    assert.ok(reason.startsWith(`${name}[2] after step 20: `), reason);
  });

  test('find the first number that is another, of a step, a test or an image', async () => {
    const loss = damaged('loss', copy =>
      alterMetrics(copy, point =>
        'loss' in point && point.step >= 19 ? { ...point, loss: point.loss * (1 + 1e-15) } : point,
      ),
    );
    const { state, reason = '', to } = await verify(loss);
    assert.deepEqual([state, to], ['different', 19]);
    assert.match(reason, /^loss of step 19: \d\S+ recorded, \d\S+ now$/);
    const error = damaged('error', copy =>
      alterMetrics(copy, point =>
        'testError' in point && point.step === 20 ? { ...point, testLoss: 0.5 } : point,
      ),
    );
    assert.match((await verify(error)).reason!, /^testLoss of the test after step 20: 0\.5 recorded, /);
  });

  test('are not possible, or prove nothing, where it says so', async () => {
    const reasonOf = async (name: string, damage: (folder: string) => void, sets = smallSets()) => {
      const { state, reason = '' } = await verify(damaged(name, damage), {}, sets);
      assert.equal(state, 'unknown', reason);
      return reason;
    };
    assert.match(
      await reasonOf('lone', copy =>
        checkpointPaths(copy)
          .slice(0, -1)
          .forEach(path => rmSync(path)),
      ),
      /^no checkpoint before that of step 20 is kept/,
    );
    assert.match(
      await reasonOf('data', () => {}, { ...smallSets(), train: smallSets().train.take(50) }),
      /found other training images/,
    );
    assert.match(
      await reasonOf('line', copy => {
        const path = join(copy, 'metrics.jsonl');
        writeFileSync(
          path,
          readFileSync(path, 'utf8').replace(/"step":20,"epoch":1,"loss":\d/, '"step":20,"epoch":1,"loss":9'),
        );
      }),
      /^metrics\.jsonl has 1 of the 2 steps after step 18: it is damaged/,
    );
    const elsewhere = await reasonOf('elsewhere', copy => {
      for (const path of checkpointPaths(copy)) {
        const { metadata, tensors } = readSafetensors(path);
        const scanline = metadata.scanline.replace(/"processor":"[^"]*"/, '"processor":"abacus"');
        writeSafetensors(path, { metadata: { ...metadata, scanline }, tensors });
      }
      alterMetrics(copy, point => ('loss' in point ? { ...point, loss: 1 } : point));
    });
    assert.match(elsewhere, /^loss of step 19: 1 recorded, .* made elsewhere: processor was abacus and is /);
  });

  test('of a model of the user are not possible', async () => {
    const like = smallRun(directory, {}, { record: false });
    const run = createRun(
      smallSets(),
      { epochs: 1, testFreq: 4, batchSize: 10 },
      { ...quiet, directory, model: like.model },
    );
    await train(run, quiet);
    const { state, reason } = await verify(run.folder);
    assert.deepEqual(
      [state, reason],
      ['unknown', "its model are its user's own, and cannot be made from its settings"],
    );
    run.dispose();
    like.dispose();
  });
});

test('the shell has a status for each of the three', async () => {
  const [runs, data] = [runsFolder(), join(runsFolder(), 'data')];
  writeExamples(data, examples(64, 4, 4), examples(32, 4, 4));
  const sets = await readDataSets(data, { oneHot: true, validationSize: 0 });
  const settings = {
    cell: { kind: 'basic' },
    numLayers: 1,
    numHidden: 4,
    batchSize: 16,
    epochs: 1,
    testFreq: 2,
  } as const;
  const run = createRun(sets, settings, { ...quiet, directory: runs });
  await train(run, quiet);
  run.dispose();
  const script = ['-r', 'ts-node/register/transpile-only', join('scripts', 'runs.ts'), '--runs', runs];
  const words = ['--data', data, '--validation-size', '0', '--verify', basename(run.folder)];
  const shell = (...more: string[]) =>
    spawnSync(process.execPath, [...script, ...words, ...more], { cwd: root, encoding: 'utf8' });
  const same = shell();
  assert.deepEqual([same.status, same.stderr], [0, '']);
  assert.match(same.stdout, /^the same bits: steps 3 to 4, with 1 test and the weights of 1 checkpoint\n$/);
  alterMetrics(run.folder, point => ('loss' in point && point.step === 4 ? { ...point, loss: 7 } : point));
  const other = shell();
  assert.deepEqual([other.status, other.stdout.split(' recorded')[0]], [2, 'other bits: loss of step 4: 7']);
  const unknown = shell('--train-size', '32');
  assert.equal(unknown.status, 3);
  assert.match(
    unknown.stdout,
    /^not known: Expected the data .* give the same --data, --validation-size, --train-size/,
  );
});
