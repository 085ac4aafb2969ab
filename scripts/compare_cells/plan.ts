/** Which runs make the comparison, with all their settings. */
import type { DataSet } from '../../lib/data';
import { parseHyperparameters, type Hyperparameters } from '../../lib/model/hyperparameters';
import { measure, type Configuration, type Task } from './configurations';
import { parametersOf, unitsFor } from './equal_size';

export interface PlannedCell extends Configuration {
  readonly units: number;
  readonly parameters: number;
  /** With all defaults; every run has a seed of its own beside them. */
  readonly hyperparameters: Hyperparameters;
}

export interface PlannedTask extends Task {
  readonly cells: readonly PlannedCell[];
  readonly leftOut: readonly { label: string; reason: string }[];
}

export interface Sizes {
  /** Instead of the task's own. */
  readonly epochs?: number;
  /** Units of the cell that all others are made as large as. */
  readonly units?: number;
}

/** Settings that are not possible, such as those of a cell that does not exist, leave their configuration out. */
export function planTask(
  task: Task,
  all: readonly Configuration[],
  train: DataSet,
  { epochs = task.epochs, units = 128 }: Sizes,
): PlannedTask {
  const cells: PlannedCell[] = [];
  const leftOut: { label: string; reason: string }[] = [];
  let parameters: number | undefined;
  for (const configuration of all.filter(({ label }) => task.only?.includes(label) ?? true)) {
    try {
      // A test only after each epoch: it takes time.
      const { batchSize } = parseHyperparameters(task.settings);
      const testFreq = Math.max(1, Math.floor(train.numExamples / batchSize));
      const settings = { ...task.settings, ...configuration.settings, epochs, testFreq };
      parameters ??= parametersOf({ ...task.settings, ...measure, numHidden: units }, train);
      const numHidden = unitsFor(parameters, settings, train);
      const hyperparameters = parseHyperparameters({ ...settings, numHidden }, train);
      cells.push({
        ...configuration,
        units: numHidden,
        parameters: parametersOf(hyperparameters, train),
        hyperparameters,
      });
    } catch (error) {
      leftOut.push({
        label: configuration.label,
        reason: (error as Error).message.replace(/\s*\n\s*/g, ' '),
      });
    }
  }
  return { ...task, cells, leftOut };
}
