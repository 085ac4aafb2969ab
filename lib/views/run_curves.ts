import { trainingCurves, type Figure, type TrainingCurvesOptions } from '../charts';
import type { History } from '../base/history';
import { absent, differingSettings, runNames, type DescribedRun } from '../runs/differences';

export type RunCurvesOptions = TrainingCurvesOptions;

/**
 * The curves of several runs laid over each other (see `trainingCurves`). The legend names the settings in which they
 * differ.
 * @param runs as `readRun` returns them
 * @throws UserError without a run, or if the smoothing is not a weight
 *
 * @example
 * await show(runCurves(listRuns().runs));
 */
export function runCurves(runs: readonly (DescribedRun & History)[], options: RunCurvesOptions = {}): Figure {
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
