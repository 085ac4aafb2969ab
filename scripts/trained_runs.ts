/** Runs that are made once: what has finished is found again, what was stopped goes on. */
import { isDeepStrictEqual } from 'node:util';
import { parseHyperparameters, type Hyperparameters } from '../lib/model/hyperparameters';
import { dataDigest, differingData, type DataDigest } from '../lib/data/digest';
import { findCheckpointIfAny } from '../lib/runs/checkpoints';
import { labelRun } from '../lib/runs/groups/label_run';
import { findRuns } from '../lib/runs/list_runs';
import type { StoredRun } from '../lib/runs/read_run';
import { createRun, resume } from '../lib/training/create_run';
import type { TrainingData } from '../lib/training/trainer';
import { train, type TrainOptions } from '../lib/views/train';
import type { QueuedRuns } from './queued_runs';

/** Where a run is kept, beside how it is trained. */
export interface RunPlace extends TrainOptions {
  /** The folder of its folder. */
  readonly directory: string;
  readonly name: string;
  /** Also that of a run that is found without a group. */
  readonly group?: string;
  /** Other machines train it. */
  readonly queue?: QueuedRuns;
}

/**
 * The finished run with these settings and data, trained now if there is none; undefined if it was stopped.
 */
export async function trainedRun(
  settings: Hyperparameters,
  data: TrainingData,
  { directory, name, group, queue, ...options }: RunPlace,
): Promise<StoredRun | undefined> {
  const digest = dataDigest(data);
  const find = () => {
    const found = findTrained(settings, findRuns({ directory }).runs, run => hasData(run, digest));
    return found && group !== undefined && found.group === undefined ? labelRun(found, { group }) : found;
  };
  const found = find();
  if (found?.info.state === 'finished') return found;
  const going = found && !failed(found) ? found : undefined;
  if (queue)
    return (await queue.train(settings, { name, group, folder: going?.folder })) ? find() : undefined;
  const run =
    going && going.checkpoints.length > 0
      ? resume(going.folder, data)
      : createRun(data, settings, { name, directory, group });
  try {
    await train(run, options);
  } finally {
    run.dispose();
  }
  return run.status === 'finished' ? find() : undefined;
}

/** Was it trained with these data? Believed of a run without a checkpoint that can be read, and of one from before there were digests. */
function hasData({ folder }: StoredRun, digest: DataDigest): boolean {
  const known = findCheckpointIfAny(folder)?.checkpoint.info.dataDigest;
  return typeof known !== 'object' || differingData(known, digest).length === 0;
}

/** The run that was trained furthest with these settings from beginning to end. */
export function findTrained(
  settings: Hyperparameters,
  runs: readonly StoredRun[],
  accepts: (run: StoredRun) => boolean = () => true,
): StoredRun | undefined {
  return runs
    .filter(({ info, changes }) => !info.parent && changes.every(({ set }) => 'learningRate' in set))
    .filter(({ hyperparameters }) => isDeepStrictEqual(complete(hyperparameters), settings))
    .filter(accepts)
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
