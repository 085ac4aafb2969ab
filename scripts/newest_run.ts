import { UserError } from '../lib/base/errors';
import { findRuns } from '../lib/runs/list_runs';
import type { StoredRun } from '../lib/runs/read_run';

/** What a command takes where no run is named. @throws UserError if none has finished */
export function newestRun(): StoredRun {
  const finished = findRuns({ sortBy: 'started' }).runs.find(({ info }) => info.state === 'finished');
  if (finished) return finished;
  throw new UserError('Expected a finished run in runs, found none: npm run train trains one');
}
