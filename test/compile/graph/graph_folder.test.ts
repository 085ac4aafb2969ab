import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, mock, test } from 'node:test';
import { compile } from '../../../lib/compile/compile';
import { tf } from '../../../lib/tfjs/tensorflow';
import { train } from '../../../lib/views/train';
import { quiet, runsFolder, smallRun } from '../../support/training';

const place = runsFolder();
const graphs = (folder: string) => fs.readdirSync(folder).filter(name => name.startsWith('scanline-graph-'));

/** The system's folder for temporary files is the test's own. */
function useOwnPlace(): void {
  mock.method(os, 'tmpdir', () => place);
}

/** Graphs cannot be written in these folders. */
function fill(isFull: (folder: string) => boolean, code = 'ENOSPC'): void {
  const { writeFileSync } = fs;
  mock.method(fs, 'writeFileSync', (...args: Parameters<typeof writeFileSync>) => {
    const path = String(args[0]);
    if (path.endsWith('saved_model.pb') && isFull(dirname(dirname(path)))) {
      writeFileSync(path, 'half');
      throw Object.assign(new Error(code), { code });
    }
    return writeFileSync(...args);
  });
}

afterEach(() => mock.restoreAll());

function double(): number {
  // Enough operations that they are worth a graph.
  const twice = compile((x: tf.Tensor) => x.tanh().add(x).sub(x.tanh()).mul(2));
  try {
    return tf.tidy(() => Math.round(twice(tf.scalar(3)).dataSync()[0]));
  } finally {
    twice.dispose();
  }
}

test('nothing of a graph stays, and what a process left that was killed is cleared', () => {
  useOwnPlace();
  const { pid } = spawnSync('true');
  const left = join(place, `scanline-graph-${pid}-abc`);
  fs.mkdirSync(left);
  fs.writeFileSync(join(left, 'saved_model.pb'), 'half of one');
  const others = join(place, `scanline-graph-${process.ppid}-abc`);
  fs.mkdirSync(others);
  assert.equal(double(), 6);
  assert.deepEqual(graphs(place), [`scanline-graph-${process.ppid}-abc`]);
  fs.rmdirSync(others);
});

test('where there is no space, another folder is taken', { skip: !fs.existsSync('/dev/shm') }, () => {
  useOwnPlace();
  fill(folder => folder === place);
  assert.equal(double(), 6);
  assert.deepEqual(graphs(place), []);
});

test('without any space the training ends with what to do, and goes on when there is some', async () => {
  useOwnPlace();
  fill(() => true);
  const run = smallRun(place, { numLayers: 1, epochs: 1 });
  await assert.rejects(train(run, quiet), {
    name: 'UserError',
    message:
      /^Expected space for a temporary file of \d\.\d MiB, .* no space left.*: make room there, or set TMPDIR/,
  });
  assert.equal(run.status, 'broke off');
  assert.deepEqual(graphs(place), []);
  mock.restoreAll();
  await train(run, quiet);
  assert.equal(run.status, 'finished');
  run.dispose();
});
