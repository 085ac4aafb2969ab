/** The settings of runs that are there, to be trained with further seeds. */
import { UserError } from '../../lib/base/errors';
import { dataDigest } from '../../lib/data/digest';
import { parseHyperparameters, type Hyperparameters } from '../../lib/model/hyperparameters';
import { findCheckpoint } from '../../lib/runs/checkpoints';
import { findRuns } from '../../lib/runs/list_runs';
import { checkSameData } from '../../lib/training/same_data';
import type { StoredRun } from '../../lib/runs/read_run';
import type { TrainingData } from '../../lib/training/trainer';

/** What is trained with several seeds. */
export interface SeedPlan {
  /** Of the runs' folders, and of the group. */
  readonly name: string;
  readonly settings: Hyperparameters;
}

/**
 * @param runs one of each setting
 * @throws UserError for a run that its settings do not make again, or one that was trained with other data
 */
export function plansOf(runs: readonly StoredRun[], data: TrainingData): SeedPlan[] {
  const names = runs.map(({ group, info }) => group ?? info.name);
  const digest = dataDigest(data);
  return runs.map((run, i) => {
    const { path, checkpoint } = findCheckpoint(run.folder);
    checkSameData(data, digest, checkpoint.info.dataDigest, path);
    checkRepeatable(run, checkpoint.info.own ?? []);
    const name = names.filter(other => other === names[i]).length > 1 ? run.id : names[i];
    return { name, settings: parseHyperparameters(run.hyperparameters) };
  });
}

function checkRepeatable({ id, changes, info, hyperparameters }: StoredRun, own: readonly string[]): void {
  const { schedule } = parseHyperparameters(hyperparameters);
  const bySchedule = (set: object) => schedule.kind === 'step' && Object.keys(set).join() === 'learningRate';
  const reason =
    own.length > 0
      ? `has ${own.join(' and ')} of its user's own`
      : info.parent
        ? `was forked from ${info.parent.folder}`
        : changes.some(({ set }) => !bySchedule(set))
          ? 'had settings changed while it was trained'
          : undefined;
  if (reason === undefined) return;
  throw new UserError(
    `Expected a run that its settings make again, found ${id}, which ${reason}: train further seeds of it in a notebook, ` +
      'with createRun(data, settings, { group })',
  );
}

/** So many seeds, the same for all: those that are there already, then the lowest others. */
export function seedsOf(runs: readonly StoredRun[], count: number, directory: string): number[] {
  const groups = runs.map(({ group }) => group);
  const members = groups.some(group => group !== undefined)
    ? findRuns({ directory }).runs.filter(({ group }) => group !== undefined && groups.includes(group))
    : [];
  const there = [...runs, ...members].map(({ hyperparameters }) => Number(hyperparameters.seed ?? 0));
  const seeds = new Set(there.sort((a, b) => a - b));
  for (let seed = 0; seeds.size < count; seed++) seeds.add(seed);
  return [...seeds];
}
