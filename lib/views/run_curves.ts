import { trainingCurves, type Figure, type TrainingCurvesOptions } from '../charts';
import type { History } from '../base/history';
import { absent, differingSettings, runNames, type DescribedRun } from '../runs/differences';
import { readRun } from '../runs/read_run';
import type { TrainingRun } from '../training/training_run';

/** Options of `runCurves`. */
export type RunCurvesOptions = TrainingCurvesOptions;

/**
 * The curves of several runs laid over each other (see `trainingCurves`). The legend names the settings in which they
 * differ.
 * @param given runs in training, as `readRun` returns them, or their folders
 * @throws UserError without a run, or if the smoothing is not a weight
 *
 * @example
 * await show(runCurves(listRuns().runs));
 */
export function runCurves(
  given: readonly (string | TrainingRun | (DescribedRun & History))[],
  options: RunCurvesOptions = {},
): Figure {
  const runs = given.map(run => {
    if (typeof run === 'string') return readRun(run);
    if (!('history' in run)) return run;
    const { name, hyperparameters, history } = run;
    return run.recorded ? readRun(run.folder) : { ...history, id: name, info: { name }, hyperparameters };
  });
  const names = runNames(runs);
  const settings = differingSettings(runs);
  const named = runs.map(({ train, test, changes }, i) => {
    const own = settings.filter(({ values }) => values[i] !== absent);
    return {
      train,
      test,
      changes,
      name: names[i],
      settings: own.map(({ name, values }) => `${name} ${values[i]}`).join(', '),
    };
  });
  return trainingCurves(named, options);
}
