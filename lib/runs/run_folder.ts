/** A run's folder: its name, and those of the files in it. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../base/errors';
import { lockFile } from '../base/files/lock';

export const runFiles = {
  /** What it is: `RunInfo`. */
  info: 'run.json',
  hyperparameters: 'hyperparameters.json',
  /** One JSON object a line: a training step, a test or a change of settings. */
  metrics: 'metrics.jsonl',
  /** What the network takes each test image for, at the last test. */
  predictions: 'predictions.json',
  /** The same at every test. */
  testPredictions: 'test_predictions.json',
  /** Group, tags and a note that were given later. */
  labels: 'labels.json',
  checkpoints: 'checkpoints',
  lock: lockFile,
} as const;

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

/** The names of the folders there; newest first, for those of runs begin with their time. */
export function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory());
    return entries.map(({ name }) => name).sort((a, b) => b.localeCompare(a));
  } catch {
    return []; // no such folder, or one that cannot be read
  }
}
