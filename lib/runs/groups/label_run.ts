import { readRun, runFolder, type StoredRun } from '../read_run';
import { writeLabels, type RunLabels } from './labels';

/**
 * Put a run into a group, or say something about it, at any time: also of a run from before there were groups, and while
 * it is trained. Lists and charts show it from then on.
 * @param run a run, its folder, or the name of a folder in `runs`
 * @param labels what is left out stays as it was
 * @returns the run with its labels
 * @throws UserError if it is no run's folder, for a label that is not possible, or when it cannot be written
 *
 * @example
 * labelRun(run, { group: 'gru 128', tags: ['baseline'], note: 'before the learning rate was fixed' });
 */
export function labelRun(run: string | { readonly folder: string }, labels: RunLabels): StoredRun {
  const folder = runFolder(typeof run === 'string' ? run : run.folder);
  readRun(folder); // is it one?
  writeLabels(folder, labels);
  return readRun(folder);
}
