/** Names in a run's folder, and how files there are written. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../errors';

export const runFiles = {
  /** What it is: `RunInfo`. */
  info: 'run.json',
  hyperparameters: 'hyperparameters.json',
  /** One JSON object a line: a training step, a test or a change of settings. */
  metrics: 'metrics.jsonl',
  /** What the network takes each test image for, at the last test. */
  predictions: 'predictions.json',
  checkpoints: 'checkpoints',
  /** Names the process that writes here. */
  lock: 'lock',
} as const;

/**
 * Write a file whole or not at all: a reader sees the old content or the new, also when the process is killed in the
 * middle. What was begun is called `….draft` and may be deleted.
 * @throws UserError when it cannot be written; the old content is still there
 */
export function writeWhole(path: string, parts: readonly (string | Uint8Array)[]): void {
  const draft = `${path}.${process.pid}.draft`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(draft, 'w');
    try {
      for (const part of parts) writeAll(file, typeof part === 'string' ? Buffer.from(part) : part);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw cannotWrite(path, error);
  }
}

export function writeJson(path: string, value: unknown): void {
  writeWhole(path, [`${JSON.stringify(value, null, 2)}\n`]);
}

/** A write may take less than it was given, where the disk is nearly full. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}

export function cannotWrite(path: string, error: unknown): UserError {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOSPC' ? 'a full disk (ENOSPC)' : code;
  return new UserError(
    `Expected to write ${path}, found ${reason}: check rights and space there. What was written before is intact`,
  );
}

/**
 * `2026-11-23_09-35-57-tutorial`; two runs in one second get `-2`, `-3`, …
 * @throws UserError for a name that cannot be a folder's, or a place that cannot hold one
 */
export function makeRunFolder(directory: string, name: string): string {
  if (!/^[\w.-]+$/.test(name)) {
    throw new UserError(
      `Expected a run's name of letters, digits, dots, dashes and underscores, found "${name}"`,
    );
  }
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  const time = local.toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-');
  try {
    mkdirSync(directory, { recursive: true });
    for (let count = 1; ; count++) {
      const folder = join(directory, count === 1 ? `${time}-${name}` : `${time}-${name}-${count}`);
      try {
        mkdirSync(folder);
        return folder;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new UserError(
      `Expected to make a run's folder in ${directory}, found ${reason}: check rights and space there`,
    );
  }
}
