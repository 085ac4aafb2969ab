import { trainingCurves, type Figure, type TrainingCurvesOptions } from '../charts';
import type { History } from '../base/history';
import { textOf } from '../base/text';
import { absent, differingSettings, runNames, type DescribedRun } from '../runs/differences';
import { foldRuns, summarize } from '../runs/groups/fold';
import { readRun } from '../runs/read_run';
import type { TrainingRun } from '../training/training_run';

/** Options of `runCurves`. */
export interface RunCurvesOptions extends TrainingCurvesOptions {
  /** Draw the runs of a group as one, their median in a band from the lowest to the highest. Default true. */
  fold?: boolean;
}

/** A run, and the group that it belongs to. */
type GroupedRun = DescribedRun & History & { readonly group?: string };

/**
 * The curves of several runs laid over each other (see `trainingCurves`), those of a group as one. The legend names the
 * settings in which they differ.
 * @param given runs in training, as `readRun` returns them, or their folders
 * @throws UserError without a run, or if the smoothing is not a weight
 *
 * @example
 * await show(runCurves(listRuns().runs));
 */
export function runCurves(
  given: readonly (string | TrainingRun | GroupedRun)[],
  { fold = true, ...options }: RunCurvesOptions = {},
): Figure {
  const runs = given.map((run): GroupedRun => {
    if (typeof run === 'string') return readRun(run);
    if (!('history' in run)) return run;
    const { name, hyperparameters, history } = run;
    return run.recorded ? readRun(run.folder) : { ...history, id: name, info: { name }, hyperparameters };
  });
  const items = fold ? foldRuns(runs) : runs.map(run => ({ group: undefined, runs: [run] }));
  const names = runNames(runs);
  const settings = differingSettings(runs);
  const named = items.map(({ group, runs: own }) => {
    const told = settings.map(({ name, values }) => {
      const known = own.map(run => values[runs.indexOf(run)]).filter(value => value !== absent);
      return known.length > 0 ? [`${name} ${summarize(known)}`] : [];
    });
    const [first] = own;
    return {
      ...{ train: first.train, test: first.test, changes: first.changes },
      name: group === undefined ? names[runs.indexOf(first)] : `${textOf(group)} (${own.length} runs)`,
      settings: told.flat().join(', '),
      ...(own.length > 1 ? { runs: own } : {}),
    };
  });
  return trainingCurves(named, options);
}
