/** Training as a person at a notebook or in a shell wants it: seen while it goes on, and stopped by the usual keys. */
import { AsyncResource } from 'node:async_hooks';
import { stopOnInterrupt } from '../base/interrupt';
import { currentKernel } from '../display/kernel_api';
import type { TrainingObserver } from '../training/observer';
import { TrainingSession, type TrainOptions as UnseenOptions } from '../training/session';
import { train as trainUnseen } from '../training/train';
import type { TrainingRun } from '../training/training_run';
import { liveCurves } from './live_curves';
import { terminalProgress } from './terminal_progress';

export interface TrainOptions extends UnseenOptions {
  /** Told what happens. Default: `[liveCurves()]` in a notebook, else `[terminalProgress()]`. */
  observers?: readonly TrainingObserver[];
  /** Aborted, it does what the stop button does. */
  signal?: AbortSignal;
  /** In short for one more observer's `step`, called after each training step. */
  onStep?: TrainingObserver['step'];
  /** In short for its `test`, called after each test. */
  onTest?: TrainingObserver['test'];
}

/** What is shown of a training: in a notebook its curves while they grow, in a shell its lines and the time left. */
export function defaultObservers(): TrainingObserver[] {
  return [currentKernel() ? liveCurves() : terminalProgress()];
}

/**
 * Train until the run's last epoch has ended: in each epoch ⌊examples / batchSize⌋ steps, with a test on all test
 * images every `testFreq` steps, counted anew in each epoch, and one at the very end. The stop button, or Ctrl-C in a
 * terminal, ends it after the step it is in: model and curves stay, and `continueTraining` goes on from there. A second
 * press breaks it off at once.
 * @throws UserError when the loss is not finite; what was recorded until then is kept
 *
 * @example
 * const run = createRun(mnist, { epochs: 1 });
 * await train(run);
 */
export async function train(run: TrainingRun, options: TrainOptions = {}): Promise<void> {
  const { observers = defaultObservers(), signal, onStep: step, onTest: test } = options;
  await stopOnInterrupt(signal, stop =>
    trainUnseen(run, { observers: [...observers, { step, test }], signal: stop }),
  );
}

/**
 * Train a run by a loop of your own: each `step` and `test` is recorded and shown as in `train`, and afterwards the run
 * can be continued, resumed, forked and compared like any other. The stop button ends it after the step it is in.
 * @throws UserError if the run has nothing left to do, or somebody trains it already
 *
 * @example
 * const training = await beginTraining(run);
 * for (let step = 1; step <= 100; step++) {
 *   await training.step(run.data.train.nextBatch(64));
 *   if (step % 50 === 0) console.log((await training.test()).errorRate);
 * }
 * await training.end();
 */
export async function beginTraining(
  run: TrainingRun,
  { observers = defaultObservers(), signal }: Pick<TrainOptions, 'observers' | 'signal'> = {},
): Promise<TrainingSession> {
  let presses = 0;
  // Bound to this cell: what it shows belongs there.
  const press = AsyncResource.bind(() => {
    if (++presses > 1 && !currentKernel()) process.exit(130);
    session.leave().catch((error: unknown) => console.error(String(error)));
  });
  const end = () => void process.off('SIGINT', press);
  const session = await TrainingSession.begin(run, { observers: [...observers, { end }], signal });
  process.on('SIGINT', press);
  return session;
}

/**
 * Go on with a run that was stopped or has finished, in the same curves.
 * @param options `epochs`: how many more than planned. Default 0: to the end that was planned
 */
export async function continueTraining(
  run: TrainingRun,
  { epochs = 0, ...options }: TrainOptions & { epochs?: number } = {},
): Promise<void> {
  run.setEpochs(run.hyperparameters.epochs + epochs);
  await train(run, options);
}
