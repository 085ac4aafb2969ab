import { join } from 'node:path';
import { UserError } from '../base/errors';
import { readCheckpoint } from './checkpoint';
import { checkpointNames } from './checkpoints';
import { runFiles } from './run_folder';

/**
 * The checkpoint with the lowest test error; of equal ones the newest. Damaged ones do not count.
 * @param weights whose test error
 * @throws UserError if no checkpoint was tested
 */
export function bestCheckpoint(
  runFolder: string,
  weights: 'raw' | 'average' = 'raw',
): { path: string; step: number; testError: number } {
  const tested = checkpointNames(runFolder).flatMap(name => {
    const path = join(runFolder, runFiles.checkpoints, name);
    try {
      const { step, testError: raw, averageTestError } = readCheckpoint(path).info;
      const testError = weights === 'average' ? averageTestError : raw;
      return testError === undefined ? [] : [{ path, step, testError }];
    } catch (error) {
      if (error instanceof UserError) return [];
      throw error;
    }
  });
  if (tested.length === 0) {
    throw new UserError(
      `Expected a checkpoint with a test error in ${join(runFolder, runFiles.checkpoints)}, found none: the first ` +
        'one is written after the first test',
    );
  }
  return tested.reduce((best, each) => (each.testError < best.testError ? each : best));
}
