/** Runs that are made once: what has finished is found again, what was stopped goes on. */
import { isDeepStrictEqual } from 'node:util';
import { parseHyperparameters, type Hyperparameters } from '../lib/model/hyperparameters';
import { findRuns } from '../lib/runs/list_runs';
import type { StoredRun } from '../lib/runs/read_run';
import { createRun, resume } from '../lib/training/create_run';
import type { TrainingData } from '../lib/training/trainer';
import { train, type TrainOptions } from '../lib/views/train';
import type { QueuedRuns } from './queued_runs';

export interface TrainedRunOptions extends TrainOptions {
  /** Other machines train it. */
  queue?: QueuedRuns;
}

/** The finished run with these settings, trained now if there is none; undefined if it was stopped. */
export async function trainedRun(
  name: string,
  settings: Hyperparameters,
  data: TrainingData,
  directory: string,
  { queue, ...options }: TrainedRunOptions = {},
): Promise<StoredRun | undefined> {
  const found = findTrained(settings, findRuns({ directory }).runs);
  if (found?.info.state === 'finished') return found;
  const going = found && !failed(found) ? found : undefined;
  if (queue) {
    const finished = await queue.train(name, settings, going?.folder);
    return finished ? findTrained(settings, findRuns({ directory }).runs) : undefined;
  }
  const run =
    going && going.checkpoints.length > 0
      ? resume(going.folder, data)
      : createRun(data, settings, { name, directory });
  try {
    await train(run, options);
  } finally {
    run.dispose();
  }
  return run.status === 'finished' ? findTrained(settings, findRuns({ directory }).runs) : undefined;
}

/** The run that was trained furthest with these settings from beginning to end. */
export function findTrained(settings: Hyperparameters, runs: readonly StoredRun[]): StoredRun | undefined {
  return runs
    .filter(({ info, changes }) => !info.parent && changes.every(({ set }) => 'learningRate' in set))
    .filter(({ hyperparameters }) => isDeepStrictEqual(complete(hyperparameters), settings))
    .sort((a, b) => b.train.length - a.train.length)[0];
}

/** Did an error end it, such as a loss that was not finite? A process that was killed could not give a reason. */
export function failed({ info }: StoredRun): boolean {
  return info.state === 'broke off' && info.reason !== undefined;
}

/** With the defaults of settings that came later; undefined for settings of another kind. */
function complete(stored: object): Hyperparameters | undefined {
  try {
    return parseHyperparameters(stored);
  } catch {
    return undefined;
  }
}

/**
 * With a queue all of the work is begun at once, and each result waited for in its turn; without one each piece of it
 * begins when its result is asked for.
 * @returns a function that gives the result of the piece with this number
 */
export function inTurn<Task, Result>(
  tasks: readonly Task[],
  begin: (task: Task) => Promise<Result>,
  queue: QueuedRuns | undefined,
): (index: number) => Promise<Result> {
  const begun = queue ? tasks.map(begin) : [];
  for (const result of begun) result.catch(() => {}); // whoever waits for it gets the error
  return index => begun[index] ?? begin(tasks[index]);
}
