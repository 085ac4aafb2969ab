import { readCheckpoint } from '../runs/checkpoint';
import type { Checkpoints } from '../runs/checkpoints';
import { Run } from '../runs/run';
import type { TestPoint } from '../base/history';
import type { Trainer } from './trainer';

/**
 * Let a run stand where it stood at a checkpoint, with the settings of then; only the number of epochs stays.
 * @param record is closed: its later lines leave the file
 * @returns the record until the checkpoint, open
 * @throws UserError for a damaged checkpoint, or if another process has gone on with the run
 */
export function goBack(path: string, trainer: Trainer, record: Run, checkpoints: Checkpoints): Run {
  const checkpoint = readCheckpoint(path);
  const { hyperparameters } = checkpoint.info;
  record.reopen(); // does nothing while it is trained; otherwise it makes sure that nobody else has gone on with it
  record.close('stopped');
  trainer.restore(checkpoint, path);
  trainer.setHyperparameters({ ...hyperparameters, epochs: trainer.hyperparameters.epochs });
  const shorter = new Run({ folder: record.folder, checkpoint: checkpoint.info });
  checkpoints.removeAfter(shorter.lastStep);
  return shorter;
}

/**
 * Write a checkpoint of a run as it is now.
 * @param keep it is not deleted for newer ones
 * @returns its path
 */
export function writeCheckpoint(
  trainer: Trainer,
  record: Run,
  checkpoints: Checkpoints,
  keep: boolean,
): string {
  const last = record.test[record.test.length - 1] as TestPoint | undefined;
  const testError = last?.step === record.lastStep ? last.testError : undefined;
  const written = { format: 1, step: record.lastStep, ...record.flush(), testError, keep };
  return checkpoints.write({ ...trainer.state(), ...written }, trainer.variables);
}
