/** One process at a time writes into a run's folder. */
import { existsSync, linkSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors';
import { isProcessRunning, processStart } from './process_start';
import { remedy } from '../remedy';
import { checkedJson, readCheckedJson } from './checked_json';
import { cannotWrite, DamagedFile, nameAside, readingProblem, removeIfPossible } from './files';

/** The file that names the process that writes into its folder. */
export const lockFile = 'lock';

/** Who writes. */
const ownerSchema = z.strictObject({
  pid: z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  host: z.string().min(1).max(255),
  /** When the process began; locks from before this was recorded do not have it. */
  start: z.string().min(1).max(100).optional(),
});

type Owner = Readonly<z.output<typeof ownerSchema>>;

/**
 * Milliseconds. Whether a process of another computer still runs cannot be asked; so each owner sets the time of its
 * lock anew, and a lock of another computer that is older than the lease is stale.
 */
const lease = 5 * 60_000;
const renewal = 30_000;

/** Locks that this process gave back, and that a read-only disk kept. */
const leftOver = new Set<string>();

/** A folder that this process has taken. Calling it gives the folder back. */
export interface FolderLock {
  (): void;
  /** Renew the lease if that is due. @throws UserError if another process has taken the folder since */
  check(): void;
}

/**
 * Take the folder for this process. The lock of a process that has ended, even by a crash, does not count.
 * @throws UserError if another process writes there, or this one already does
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, lockFile);
  const owner: Owner = { pid: process.pid, host: hostname(), start: processStart(process.pid) };
  for (let attempt = 1; attempt <= 100; attempt++) {
    if (createLock(path, owner)) return keepLock(folder, path, owner);
    const { owner: other } = readLock(folder);
    if (other) throw inUse(folder, path, other);
    removeStale(path);
  }
  throw cannotWrite(path, 'a file there that cannot be removed');
}

/** The process that writes into the folder now, if there is one. */
export function lockOwner(folder: string): Owner | undefined {
  return readLock(folder).owner;
}

/** @returns the process that writes into the folder now, or what is wrong with the file that should name it */
export function readLock(folder: string): { owner?: Owner; problem?: string } {
  const path = join(folder, lockFile);
  try {
    const owner = readCheckedJson(path, ownerSchema);
    return isAlive(owner, path) ? { owner } : {};
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    return { problem: readingProblem(error) };
  }
}

/** @param file where the lock lies now, if it was renamed */
function isAlive({ host, pid, start }: Owner, path: string, file = path): boolean {
  if (host === hostname() && pid === process.pid && leftOver.has(path)) return false;
  if (host === hostname()) return isProcessRunning(pid, start);
  return Date.now() - statSync(file).mtimeMs < lease;
}

/** With its content at once, so that nobody finds it empty. @returns whether there was none yet */
function createLock(path: string, owner: Owner): boolean {
  const content = checkedJson(owner);
  const whole = `${path}.${process.pid}.own.draft`;
  try {
    writeFileSync(whole, content); // not synced: after a crash of the computer it counts for nothing
    try {
      linkSync(whole, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
      writeFileSync(path, content, { flag: 'wx' }); // a disk without hard links
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cannotWrite(path, error);
  } finally {
    removeIfPossible(whole);
  }
}

function keepLock(folder: string, path: string, owner: Owner): FolderLock {
  leftOver.delete(path);
  let renewed = Date.now();
  let lost: UserError | undefined;
  const isOurs = () => {
    const { owner: now } = readLock(folder);
    return now === undefined || (now.pid === owner.pid && now.host === owner.host);
  };
  const renew = () => {
    renewed = Date.now();
    try {
      if (!isOurs()) lost = takenOver(folder);
      else utimesSync(path, new Date(), new Date());
    } catch {
      // Removed by hand, or a disk that is gone: what is written next says so.
    }
  };
  const timer = setInterval(renew, renewal).unref();
  const release = () => {
    clearInterval(timer);
    if (lost || !isOurs()) return;
    removeIfPossible(path);
    if (existsSync(path)) leftOver.add(path);
  };
  const check = () => {
    if (Date.now() - renewed > 2 * renewal) renew(); // the computer slept, or was busy
    if (lost) throw lost;
  };
  return Object.assign(release, { check });
}

/**
 * Of two processes that find a lock stale at once, the slower must not remove the quicker one's new lock. What is no
 * lock at all, perhaps a folder with something in it, is kept under another name.
 */
function removeStale(path: string): void {
  const aside = `${path}.${process.pid}.draft`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return; // the other was quicker
    throw cannotWrite(path, error);
  }
  try {
    if (isAlive(readCheckedJson(aside, ownerSchema), path, aside)) linkSync(aside, path);
  } catch (error) {
    if (error instanceof DamagedFile) return renameSync(aside, nameAside(path));
    // it was stale, or a third process has the folder by now
  }
  removeIfPossible(aside);
}

function inUse(folder: string, path: string, { pid, host }: Owner): UserError {
  const who =
    pid === process.pid && host === hostname() ? 'this process itself' : `process ${pid} on ${host}`;
  return new UserError(
    `Expected a run that nobody writes to, found ${folder} in use by ${who}: end the training there, or close ` +
      `the run. If that process is none of Scanline's, delete ${path}`,
  );
}

function takenOver(folder: string): UserError {
  return new UserError(
    `Expected ${folder} to be this process's own, found it taken by another one, which did not hear of this one for ` +
      `${lease / 60_000} minutes: when that one has ended, go on with ` +
      remedy({ call: 'resume(folder)', shell: 'npm run train -- --resume <folder>' }),
  );
}
