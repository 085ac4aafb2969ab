import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../base/errors';
import { projectPath } from '../base/project';
import { runFiles } from './run_folder';
import { readRun, type StoredRun } from './read_run';

/** All runs of a folder, and the folders that could not be read, each with the reason. */
export interface RunList {
  readonly runs: readonly StoredRun[];
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
}

/** Which runs of a folder, and in which order. */
export interface FindRunsOptions {
  /** Where the folders of runs stand. Default `runs` in the project. */
  directory?: string;
  /** Default 'bestTestError', the lowest first; 'started' and 'seconds' put the largest first. */
  sortBy?: RunOrder;
  /** Only the runs of this group. */
  group?: string;
  /** Only runs with all of these tags. */
  tags?: readonly string[];
}

/** What runs are sorted by. */
export type RunOrder = 'started' | 'bestTestError' | 'lastTestError' | 'seconds';

/**
 * The recorded runs, best first; runs without a test come last.
 * @param options.directory a folder that does not exist has no runs
 */
export function findRuns({
  directory = 'runs',
  sortBy = 'bestTestError',
  group,
  tags = [],
}: FindRunsOptions = {}): RunList {
  const folder = projectPath(directory);
  const runs: StoredRun[] = [];
  const unreadable: { id: string; reason: string }[] = [];
  for (const id of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const path = join(folder, id);
    if (![runFiles.info, runFiles.metrics].some(file => existsSync(join(path, file)))) continue;
    try {
      runs.push(readRun(path));
    } catch (error) {
      unreadable.push({ id, reason: error instanceof UserError ? error.message : String(error) });
    }
  }
  const found = runs.filter(
    run => (group === undefined || run.group === group) && tags.every(tag => run.tags.includes(tag)),
  );
  return { runs: found.sort((a, b) => compare(a, b, sortBy)), unreadable };
}

function compare(a: StoredRun, b: StoredRun, by: RunOrder): number {
  switch (by) {
    case 'started':
      return b.info.started.localeCompare(a.info.started);
    case 'seconds':
      return b.seconds - a.seconds;
    case 'bestTestError':
    case 'lastTestError':
      return (a[by] ?? Infinity) - (b[by] ?? Infinity) || a.id.localeCompare(b.id);
  }
}
