import { isTestDue, isTested, TrainingSession, type TrainOptions } from './session';
import type { TrainingRun } from './training_run';

/**
 * Train until the run's last epoch has ended: in each epoch ⌊examples / batchSize⌋ steps, with a test on all test
 * images every `testFreq` steps, counted anew in each epoch, and one at the very end. It shows nothing: observers do.
 * @throws UserError when the loss is not finite; what was recorded until then is kept
 */
export async function train(run: TrainingRun, options: TrainOptions = {}): Promise<void> {
  const session = await TrainingSession.begin(run, options, false);
  while (!run.stopping) {
    if (isTestDue(run)) await session.test();
    else if (run.stepsLeft > 0) await session.step();
    else if (!isTested(run)) await session.test();
    else break;
  }
  await session.end();
}
