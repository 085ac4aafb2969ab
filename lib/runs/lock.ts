/** One process at a time writes into a run's folder. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../errors';
import { cannotWrite, runFiles } from './files';

/** Who writes. */
interface Owner {
  pid: number;
  host: string;
}

/**
 * Take the folder for this process. The lock of a process that has ended, even by a crash, does not count.
 * @returns a function that gives it back
 * @throws UserError if another process writes there, or this one already does
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, runFiles.lock);
  const owner: Owner = { pid: process.pid, host: hostname() };
  for (;;) {
    try {
      writeFileSync(path, JSON.stringify(owner), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(path, error);
    }
    const other = lockOwner(folder);
    if (other) throw inUse(folder, path, other);
    removeStale(path);
  }
}

/** The process that writes into the folder now, if there is one. */
export function lockOwner(folder: string): Owner | undefined {
  let owner: Owner;
  try {
    owner = JSON.parse(readFileSync(join(folder, runFiles.lock), 'utf8')) as Owner;
  } catch {
    return undefined; // no lock, or one whose writer was killed at once
  }
  return owner.host !== hostname() || isAlive(owner.pid) ? owner : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // alive, and somebody else's
  }
}

/** Of two processes that find a lock stale at once, the slower must not remove the quicker one's new lock. */
function removeStale(path: string): void {
  const aside = `${path}.${process.pid}.draft`;
  try {
    renameSync(path, aside);
  } catch {
    return; // the other was quicker
  }
  try {
    const { pid } = JSON.parse(readFileSync(aside, 'utf8')) as Owner;
    if (isAlive(pid)) linkSync(aside, path);
  } catch {
    // it was stale, or a third process has the folder by now
  }
  rmSync(aside, { force: true });
}

function inUse(folder: string, path: string, { pid, host }: Owner): UserError {
  const who =
    pid === process.pid && host === hostname() ? 'this process itself' : `process ${pid} on ${host}`;
  return new UserError(
    `Expected a run that nobody writes to, found ${folder} in use by ${who}: end the training there, or close ` +
      `the run. If that process is none of Scanline's, delete ${path}`,
  );
}
