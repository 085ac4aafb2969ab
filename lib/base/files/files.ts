/** How files are read that may be damaged, and written whole or not at all. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { UserError } from '../errors';

/** What a file holds is not what was written there. The message completes `<file>: …`. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
}

/**
 * All bytes of a regular file. Anything else is refused before it is opened: a pipe would be waited for without end.
 * @throws DamagedFile for a folder, a pipe or a device; the system's error if it cannot be read
 */
export function readRegularFile(path: string): Buffer {
  const stats = statSync(path);
  if (stats.isDirectory()) throw new DamagedFile('damaged: a folder, not a file');
  if (!stats.isFile()) throw new DamagedFile('damaged: a pipe or a device, not a file');
  return readFileSync(path);
}

/** Text as UTF-8, without a byte order mark. @throws DamagedFile if it is none */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DamagedFile('damaged: not UTF-8');
  }
}

/** Why a file could not be read, to complete `<file>: …`. */
export function readingProblem(error: unknown): string {
  if (error instanceof DamagedFile) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'missing' : (code ?? 'damaged');
}

/**
 * Write a file whole or not at all: a reader sees the old content or the new, also when the process is killed in the
 * middle. What was begun is called `….draft` and may be deleted.
 * @throws UserError when it cannot be written; the old content is still there
 */
export function writeWhole(path: string, parts: readonly (string | Uint8Array)[]): void {
  const draft = `${path}.${process.pid}.draft`;
  try {
    const file = openSync(draft, 'w');
    try {
      for (const part of parts) writeAll(file, typeof part === 'string' ? Buffer.from(part) : part);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    removeIfPossible(draft);
    throw cannotWrite(path, error);
  }
}

/** A write may take less than it was given, where the disk is nearly full. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}

/** For clearing up: a disk that cannot be written keeps the file, and whoever clears up has said so already. */
export function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It stays.
  }
}

/**
 * A name beside a damaged file, under which it can be kept: `metrics.jsonl.damaged`, then `….damaged-2`, ….
 */
export function nameAside(path: string): string {
  for (let count = 1; ; count++) {
    const aside = count === 1 ? `${path}.damaged` : `${path}.damaged-${count}`;
    if (!existsSync(aside)) return aside;
  }
}

/** Rename a damaged file, so that its place is free and nothing of it is lost. @returns the new path */
export function setAside(path: string): string {
  const aside = nameAside(path);
  try {
    renameSync(path, aside);
    return aside;
  } catch (error) {
    throw cannotWrite(aside, error);
  }
}

export function cannotWrite(path: string, error: unknown): UserError {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  const reason = reasons[code] ?? code;
  return new UserError(
    `Expected to write ${path}, found ${reason}: check rights and space there. What was written before is intact`,
  );
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'a full disk (ENOSPC)',
  EDQUOT: 'a used-up quota (EDQUOT)',
  EROFS: 'a read-only disk (EROFS)',
  ENOENT: 'that its folder was deleted (ENOENT)',
  EISDIR: 'a folder of that name (EISDIR)',
};
