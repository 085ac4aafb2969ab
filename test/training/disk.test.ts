import assert from 'node:assert/strict';
import fs from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRun } from '../../lib/runs/read_run';
import { resume } from '../../lib/training/create_run';
import { continueTraining, train } from '../../lib/views/train';
import { numbersOf, quiet, runsFolder, smallRun, smallSets, weightsOf } from '../support/training';

const directory = runsFolder();

/** From now on a write takes half of what it is given, and the next one finds the disk full, until `free` is called. */
function fillDisk(): { free: () => void } {
  const { writeSync } = fs;
  let half = true;
  const full = (file: number, data: Uint8Array, offset = 0) => {
    if (!half) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    half = false;
    return writeSync(file, data, offset, Math.ceil((data.length - offset) / 2));
  };
  fs.writeSync = full as typeof fs.writeSync;
  return { free: () => void (fs.writeSync = writeSync) };
}

test('a full disk ends the training, says so, and loses nothing: it goes on when there is space', async () => {
  const whole = smallRun(directory);
  await train(whole, quiet);
  const run = smallRun(directory);
  let disk = { free: () => {} };
  const training = train(run, { observers: [{ step: ({ step }) => step === 6 && (disk = fillDisk()) }] });
  await assert.rejects(training, {
    name: 'UserError',
    message: /Expected to write .*, found a full disk \(ENOSPC\): check rights and space there/,
  });
  assert.equal(run.status, 'broke off');
  disk.free();
  const { train: points } = readRun(run.folder);
  assert.ok(points.length >= 6, `${points.length}`);
  await continueTraining(run, quiet);
  assert.deepEqual(numbersOf(run.history), numbersOf(whole.history));
  assert.deepEqual(weightsOf(run), weightsOf(whole));
  assert.deepEqual(numbersOf(readRun(run.folder)), numbersOf(whole.history));
});

test('a checkpoint that cannot be written leaves the last one whole', async () => {
  const run = smallRun(directory, { testFreq: 4 });
  await train(run, { observers: [{ test: ({ step }) => step === 8 && run.stop() }] });
  const disk = fillDisk();
  assert.throws(() => run.saveCheckpoint(), /found a full disk/);
  disk.free();
  const names = fs.readdirSync(join(run.folder, 'checkpoints'));
  assert.ok(names.length > 0 && names.every(name => name.endsWith('.safetensors')), names.join());
  assert.equal(resume(run.folder, smallSets(), quiet).history.train.length, 8);
});

/** From now on nothing that is written in the folder is taken, until `free` is called. */
function makeReadOnly(code: string): { free: () => void } {
  const { openSync, renameSync, rmSync, writeSync } = fs;
  const refuse = () => {
    throw Object.assign(new Error(code), { code });
  };
  const open = (path: fs.PathLike, flags: fs.OpenMode, mode?: fs.Mode) =>
    flags === 'r' ? openSync(path, flags, mode) : refuse();
  Object.assign(fs, { openSync: open, renameSync: refuse, rmSync: refuse, writeSync: refuse });
  return { free: () => void Object.assign(fs, { openSync, renameSync, rmSync, writeSync }) };
}

test('a disk that becomes read-only ends the training with one message; the run is listed for what it is', async () => {
  const run = smallRun(directory);
  let disk = { free: () => {} };
  const training = train(run, {
    observers: [{ step: ({ step }) => step === 6 && (disk = makeReadOnly('EROFS')) }],
  });
  await assert.rejects(training, {
    name: 'UserError',
    message: /^Expected to write .*, found a read-only disk \(EROFS\): check rights and space there/,
  });
  disk.free();
  assert.equal(run.status, 'broke off');
  const { info, problems, train: points } = readRun(run.folder);
  assert.deepEqual([problems, points.length], [[], 6]);
  assert.equal(info.state, 'broke off');
  run.dispose();
  const again = resume(run.folder, smallSets(), quiet);
  assert.equal(again.history.train.length, 4);
  again.dispose();
});

test('a folder that is deleted during the training ends it, and is not made again', async () => {
  const run = smallRun(directory, { testFreq: 3 });
  const training = train(run, {
    observers: [{ step: ({ step }) => step === 5 && fs.rmSync(run.folder, { recursive: true }) }],
  });
  await assert.rejects(training, {
    name: 'UserError',
    message: /^Expected to write .*metrics\.jsonl, found that its folder was deleted \(ENOENT\)/,
  });
  assert.equal(run.status, 'broke off');
  assert.equal(fs.existsSync(run.folder), false);
  assert.throws(() => run.saveCheckpoint(), { name: 'UserError' });
  await assert.rejects(continueTraining(run, quiet), { name: 'UserError' });
  run.dispose();
});
