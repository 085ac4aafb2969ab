// One set-up at a time in this folder. The lock names the process that holds it and the commands that it has started,
// each with its start time, so that a number which another program took over since is not mistaken for it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What this process holds: the lock's file, and what stands in it. */
let held;

/** When a process was started, in the system's own words; undefined if there is none of that number. */
function startOf(pid) {
  if (process.platform === 'linux') {
    try {
      // After the name in parentheses, which may hold spaces, the start is the 20th field.
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').pop().trim().split(' ')[19];
    } catch {
      return undefined;
    }
  }
  return (
    spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || undefined
  );
}

const isRunning = ({ pid, start }) => start !== undefined && startOf(pid) === start;

/** What the lock says; undefined where there is none, an empty holder where it was left half written. */
function readLock(lockFile) {
  try {
    const { holder, children } = JSON.parse(readFileSync(lockFile, 'utf8'));
    return { holder: holder ?? {}, children: Array.isArray(children) ? children : [] };
  } catch (error) {
    return error.code === 'ENOENT' ? undefined : { holder: {}, children: [] };
  }
}

/**
 * Take the lock, and wait while another set-up holds it. What a set-up that was killed has left running is ended.
 * @param lockFile in the folder that is set up
 * @param onWait told the other's process number, about once a second
 * @returns {Promise<boolean>} whether another set-up was at work meanwhile
 */
export async function acquireLock(lockFile, onWait) {
  mkdirSync(dirname(lockFile), { recursive: true });
  const mine = { holder: { pid: process.pid, start: startOf(process.pid) }, children: [] };
  for (let waited = false; ;) {
    try {
      writeFileSync(lockFile, JSON.stringify(mine), { flag: 'wx' });
      held = { lockFile, ...mine };
      return waited;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const other = readLock(lockFile);
    if (!other) continue;
    if (isRunning(other.holder)) {
      waited = true;
      onWait(other.holder.pid);
      await new Promise(resolve => setTimeout(resolve, 1000));
    } else {
      for (const child of other.children.filter(isRunning)) endGroup(child.pid);
      rmSync(lockFile, { force: true, recursive: true });
    }
  }
}

export function releaseLock() {
  if (held) rmSync(held.lockFile, { force: true });
  held = undefined;
}

export function childStarted(pid) {
  if (!held) return;
  held.children.push({ pid, start: startOf(pid) });
  rewrite();
}

export function childEnded(pid) {
  if (!held) return;
  held.children = held.children.filter(child => child.pid !== pid);
  rewrite();
}

/** In one go: who is killed meanwhile must leave the names of its commands. */
function rewrite() {
  const { lockFile, holder, children } = held;
  const draft = `${lockFile}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ holder, children }));
  renameSync(draft, lockFile);
}

/** End a command that `run` has started, with all that it started itself. */
export function endGroup(pid) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
