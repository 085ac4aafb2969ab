import { UserError } from '../lib/base/errors';
import { findCheckpointIfAny } from '../lib/runs/checkpoints';
import { findRuns } from '../lib/runs/list_runs';
import type { StoredRun } from '../lib/runs/read_run';

/**
 * What a command takes where no run is named: the newest that finished and whose network is made from its settings, for
 * no other can be loaded from its folder.
 * @param directory where the folders of runs are
 * @throws UserError if none has finished
 */
export function newestRun(directory = 'runs'): StoredRun {
  const finished = findRuns({ directory, sortBy: 'started' }).runs.filter(
    ({ info }) => info.state === 'finished',
  );
  for (const run of finished) {
    if (!hasOwnModel(run)) return run;
    console.log(`${run.id} is passed over: it trains a model of its user's own`);
  }
  if (finished.length > 0) return finished[0]; // whoever wants to load it says what is wrong
  throw new UserError(`Expected a finished run in ${directory}, found none: npm run train trains one`);
}

function hasOwnModel({ folder }: StoredRun): boolean {
  // Without a checkpoint that can be read, that is another matter.
  return findCheckpointIfAny(folder)?.checkpoint.info.own?.includes('model') ?? false;
}
