import assert from 'node:assert/strict';
import { fork as forkProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { type HyperparametersInput } from '../../lib/model/hyperparameters';
import { checkpointNames } from '../../lib/runs/checkpoints';
import { readRun } from '../../lib/runs/read_run';
import { resume } from '../../lib/training/create_run';
import { continueTraining, train } from '../../lib/views/train';
import type { TrainingRun } from '../../lib/training/training_run';
import { numbersOf, quiet, runsFolder, smallRun, smallSets, weightsOf } from '../support/training';

const directory = runsFolder();
const program = join(__dirname, 'train_program.ts');
const execArgv = ['-r', 'ts-node/register'];

/** Go on with the runs in another process, each until a step. */
async function trainElsewhere(folders: readonly string[], until: number): Promise<void> {
  const child = forkProcess(program, [String(until), ...folders], { execArgv });
  const [status] = (await once(child, 'exit')) as [number | null];
  assert.equal(status, 0);
}

const optimizers: HyperparametersInput[] = [
  { optimizer: { kind: 'rmsprop' } },
  { optimizer: { kind: 'rmsprop', momentum: 0.5 }, cell: { kind: 'lstm' } },
  { optimizer: { kind: 'sgd' } },
  { optimizer: { kind: 'sgd', momentum: 0.9 }, clipNorm: 1 },
  { optimizer: { kind: 'adam' }, dropout: 0.5, learningRateDecay: 0.9 },
];

describe('200 steps at once, and 100 steps, a new process, 100 steps, are the same bit for bit:', () => {
  const all = optimizers.map(settings => ({ ...settings, epochs: 20, testFreq: 7 }));
  const interrupted: TrainingRun[] = [];

  before(async () => {
    for (const settings of all) {
      const parts = smallRun(directory, settings);
      await train(parts, { observers: [{ step: ({ step }) => step === 100 && parts.stop() }] });
      interrupted.push(parts);
    }
    await trainElsewhere(
      interrupted.map(({ folder }) => folder),
      150,
    );
  });

  for (const [i, settings] of all.entries()) {
    const { kind } = settings.optimizer!;
    const momentum = 'momentum' in settings.optimizer! ? ' with momentum' : '';
    test(`${kind}${momentum}`, async () => {
      const whole = smallRun(directory, settings);
      await train(whole, quiet);
      assert.equal(whole.history.train.length, 200);
      const parts = interrupted[i];
      assert.equal(parts.history.train.length, 100);
      const rest = resume(parts.folder, smallSets(), quiet);
      assert.equal(rest.history.train.length, 150);
      await train(rest, quiet);
      assert.deepEqual(numbersOf(rest.history), numbersOf(whole.history));
      assert.deepEqual(numbersOf(readRun(parts.folder)), numbersOf(whole.history));
      assert.deepEqual(weightsOf(rest), weightsOf(whole));
    });
  }
});

describe('resume', () => {
  test('a process killed at any moment, also while it writes, loses nothing that cannot be had again', async () => {
    const settings = { epochs: 12, testFreq: 1 }; // a checkpoint after each step
    const whole = smallRun(directory, settings);
    await train(whole, quiet);
    const { folder } = smallRun(directory, settings);
    const run = smallRun(directory, settings);
    await train(run, { observers: [{ step: () => run.stop() }] });
    let kills = 0;
    let drafts = 0;
    for (let delay = 0; readRun(run.folder).train.length < 110; delay = (delay + 37) % 150) {
      const child = spawn(process.execPath, [...execArgv, program, '120', run.folder], { stdio: 'ignore' });
      const before = readRun(run.folder).train.length;
      const deadline = Date.now() + 60_000;
      while (
        readRun(run.folder).train.length < before + 30 &&
        Date.now() < deadline &&
        child.exitCode === null
      ) {
        await new Promise(resolve => setTimeout(resolve, 5));
      }
      await new Promise(resolve => setTimeout(resolve, delay));
      if (child.exitCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
        kills++;
      }
      drafts += readdirSync(join(run.folder, 'checkpoints')).filter(name => name.endsWith('.draft')).length;
      const { info } = readRun(run.folder);
      assert.notEqual(info.state, 'running');
    }
    assert.ok(kills >= 1, `${kills} kills, ${drafts} of them while a checkpoint was written`);
    const rest = resume(run.folder, smallSets(), quiet);
    if (rest.history.test.length < 120) await train(rest, quiet); // a test comes after each step
    assert.deepEqual(numbersOf(readRun(run.folder)), numbersOf(whole.history));
    assert.deepEqual(weightsOf(rest), weightsOf(whole));
    assert.deepEqual(
      readdirSync(join(run.folder, 'checkpoints')).filter(name => name.endsWith('.draft')),
      [],
    );
    assert.ok(existsSync(folder));
  });

  test('the newest and the best checkpoint stay, and those that were asked for', async () => {
    const run = smallRun(directory, { epochs: 4, testFreq: 2 });
    let asked = '';
    await train(run, { observers: [{ step: ({ step }) => step === 5 && (asked = run.saveCheckpoint()) }] });
    const errors = run.history.test.map(({ testError }) => testError);
    const names = checkpointNames(run.folder).map(name => Number(/\d+/.exec(name)?.[0]));
    assert.deepEqual(names.slice(0, 2), [40, 38]);
    assert.ok(names.includes(5) && asked.endsWith('step-000005.safetensors'), asked);
    assert.ok(names.length <= 4);
    assert.ok(
      names.some(
        step => run.history.test.find(point => point.step === step)?.testError === Math.min(...errors),
      ),
      names.join(),
    );
    assert.equal(readRun(run.folder).info.state, 'finished');
  });

  test('a damaged checkpoint is passed over; without any it says what can still be used', async () => {
    const run = smallRun(directory, { testFreq: 5 });
    await train(run, quiet);
    const [newest, second] = checkpointNames(run.folder).map(name => join(run.folder, 'checkpoints', name));
    truncateSync(newest, 3000);
    assert.equal(resume(run.folder, smallSets(), quiet).history.train.length, 15);
    writeFileSync(second, 'something else');
    checkpointNames(run.folder).forEach(name => truncateSync(join(run.folder, 'checkpoints', name), 10));
    assert.throws(
      () => resume(run.folder, smallSets(), quiet),
      /Expected a checkpoint in .*The curves can still be read: readRun\(folder\)/,
    );
    assert.equal(readRun(run.folder).test.length > 0, true);
  });

  test('half a line at the end of the metrics is dropped', async () => {
    const run = smallRun(directory);
    await train(run, { observers: [{ step: ({ step }) => step === 6 && run.stop() }] });
    appendFileSync(join(run.folder, 'metrics.jsonl'), '{"step":7,"epo');
    const { problems, train: points } = readRun(run.folder);
    assert.match(problems.join(), /metrics\.jsonl: line 8 is cut off; all lines before it are read/);
    assert.equal(points.length, 6);
    assert.equal(resume(run.folder, smallSets(), quiet).history.train.length, 6);
    assert.deepEqual(readRun(run.folder).problems, []);
  });

  test('two processes never write into one run', async () => {
    const run = smallRun(directory, { epochs: 100, testFreq: 1000 });
    await train(run, { observers: [{ step: ({ step }) => step === 3 && run.stop() }] });
    const other = spawn(process.execPath, [...execArgv, program, '1000', run.folder], { stdio: 'ignore' });
    try {
      while (readRun(run.folder).train.length < 5 && other.exitCode === null) {
        await new Promise(resolve => setTimeout(resolve, 10));
      }
      const inUse = { message: new RegExp(`found .* in use by process ${other.pid} on `) };
      await assert.rejects(continueTraining(run, quiet), inUse);
      assert.throws(() => resume(run.folder, smallSets(), quiet), inUse);
      assert.equal(readRun(run.folder).info.state, 'running');
    } finally {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
    await assert.rejects(continueTraining(run, quiet), /another process has gone on with this run/);
    assert.equal(resume(run.folder, smallSets(), quiet).history.train.length, 3);
  });
});

test('a run in a copied folder can be resumed there', async () => {
  const run = smallRun(directory, { epochs: 1 });
  await train(run, { observers: [{ step: ({ step }) => step === 2 && run.stop() }] });
  const copy = join(directory, 'copy');
  mkdirSync(join(copy, 'checkpoints'), { recursive: true });
  for (const file of [
    'run.json',
    'hyperparameters.json',
    'metrics.jsonl',
    ...checkpointNames(run.folder).map(name => join('checkpoints', name)),
  ]) {
    copyFileSync(join(run.folder, file), join(copy, file));
  }
  assert.equal(resume(copy, smallSets(), quiet).history.train.length, 2);
});
