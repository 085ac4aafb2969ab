import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { isProcessRunning, processStart } from '../../../lib/base/files/process_start';
import { lockFolder, lockOwner } from '../../../lib/base/files/lock';
import { runsFolder } from '../../support/training';

const directory = runsFolder();
let count = 0;

function newFolder(): { folder: string; lock: string } {
  const folder = join(directory, `run-${++count}`);
  mkdirSync(folder);
  return { folder, lock: join(folder, 'lock') };
}

const here = { pid: process.pid, host: hostname() };
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

test('a folder is taken once, and given back', () => {
  const { folder, lock } = newFolder();
  const unlock = lockFolder(folder);
  assert.equal(lockOwner(folder)?.pid, process.pid);
  assert.throws(() => lockFolder(folder), /in use by this process itself: end the training there/);
  unlock();
  assert.equal(existsSync(lock), false);
  assert.equal(lockOwner(folder), undefined);
});

test('a process that took the number of one that has ended has not taken its lock', () => {
  const { folder, lock } = newFolder();
  writeFileSync(lock, JSON.stringify({ ...here, start: '1' }));
  assert.equal(lockOwner(folder), undefined);
  lockFolder(folder)();
  // From before there was a start time: the number alone must do.
  writeFileSync(lock, JSON.stringify(here));
  assert.equal(lockOwner(folder)?.pid, process.pid);
});

test('a process is told from others by its start, and one that has ended does not run', async () => {
  const start = processStart(process.pid);
  assert.ok(start);
  assert.equal(isProcessRunning(process.pid, start), true);
  assert.equal(isProcessRunning(process.pid, `${start}1`), false);
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const childStart = processStart(child.pid!);
  assert.equal(isProcessRunning(child.pid!, childStart), true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(isProcessRunning(child.pid!, childStart), false);
  assert.equal(processStart(child.pid!), undefined);
});

test('a lock of another computer is a lease: it counts while it is renewed', () => {
  const { folder, lock } = newFolder();
  writeFileSync(lock, JSON.stringify({ pid: 1, host: 'elsewhere' }));
  assert.throws(() => lockFolder(folder), /in use by process 1 on elsewhere/);
  utimesSync(lock, minutesAgo(4), minutesAgo(4));
  assert.equal(lockOwner(folder)?.host, 'elsewhere');
  utimesSync(lock, minutesAgo(6), minutesAgo(6));
  assert.equal(lockOwner(folder), undefined);
  lockFolder(folder)();
});

test('an owner renews its lease, and finds out when another one has taken the folder', () => {
  const { folder, lock } = newFolder();
  mock.timers.enable({ apis: ['setInterval'] });
  try {
    const unlock = lockFolder(folder);
    utimesSync(lock, minutesAgo(6), minutesAgo(6));
    mock.timers.tick(31_000);
    assert.ok(Date.now() - statSync(lock).mtimeMs < 60_000);
    unlock.check();
    const other = JSON.stringify({ pid: 1, host: 'elsewhere' });
    writeFileSync(lock, other);
    mock.timers.tick(31_000);
    assert.throws(
      () => unlock.check(),
      /found it taken by another one, which did not hear of this one for 5 minutes/,
    );
    unlock();
    assert.equal(readFileSync(lock, 'utf8'), other);
  } finally {
    mock.timers.reset();
    rmSync(lock, { force: true });
  }
});
