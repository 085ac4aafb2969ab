import { GraphFolderError } from '../compile/compile_error';
import { UserError } from '../base/errors';
import { isInterrupt, onAbort } from '../base/interrupt';
import { remedy } from '../base/remedy';
import { answerRequests } from './answer_requests';
import type { TrainingObserver } from './observer';
import type { TrainingRun } from './training_run';

export interface TrainOptions {
  /** Told what happens, in this order, beside those that `run.observe` added. Default none. */
  observers?: readonly TrainingObserver[];
  /** Aborted, it ends the training after the step that it is in, as `run.stop()` does. */
  signal?: AbortSignal;
}

/**
 * Train until the run's last epoch has ended: in each epoch ⌊examples / batchSize⌋ steps, with a test on all test
 * images every `testFreq` steps, counted anew in each epoch, and one at the very end. It shows nothing: observers do.
 * @throws UserError when the loss is not finite; what was recorded until then is kept
 */
export async function train(run: TrainingRun, { observers = [], signal }: TrainOptions = {}): Promise<void> {
  if (run.stepsPerEpoch === 0) {
    throw new UserError(
      `Expected a batchSize of at most the training examples, found ${run.hyperparameters.batchSize}`,
    );
  }
  if (run.stepsLeft === 0 && isTested(run)) {
    throw new UserError(
      `Expected a run with steps left, found one that has finished its ${run.hyperparameters.epochs} epochs: ` +
        remedy({
          call: 'continueTraining(run, { epochs: 1 }) adds one',
          shell: 'npm run train -- --epochs <number> trains another run for longer',
        }),
    );
  }
  run.begin();
  const stopListening = onAbort(signal, () => run.stop());
  const stopTelling = observers.map(observer => run.observe(observer));
  const stopAnswering = answerRequests(run);
  try {
    await loop(run);
  } finally {
    stopListening();
    stopAnswering();
    await run.tell('end', run).finally(() => stopTelling.forEach(end => end()));
  }
}

async function loop(run: TrainingRun): Promise<void> {
  let byObserver = false;
  const tell: TrainingRun['tell'] = (...event) =>
    run.tell(...event).catch((error: unknown) => {
      byObserver = true;
      throw error;
    });
  const test = async () => tell('test', await run.evaluate(), run);
  try {
    await tell('begin', run);
    while (!run.stopping) {
      if (!run.goBackIfAsked()) {
        if (isTestDue(run)) await test();
        else if (run.stepsLeft > 0) await tell('step', await run.step(), run);
        else break;
      }
      await run.whilePaused();
    }
    if (run.stepsLeft > 0 || isTestDue(run)) return stopped(run);
    if (!isTested(run)) await test();
    run.end('finished');
  } catch (caught) {
    const error =
      caught instanceof GraphFolderError ? new UserError(caught.message, { cause: caught }) : caught;
    if (isInterrupt(error)) stopped(run);
    else breakOff(run, error, byObserver);
    throw error;
  }
}

/**
 * A disk that cannot be written has ended it, perhaps: then the folder does not take the reason either.
 * @param sound whether the network is as it should be, so that the steps since the last checkpoint are worth keeping
 */
function breakOff(run: TrainingRun, error: unknown, sound: boolean): void {
  const reason = error instanceof Error ? error.message : String(error);
  for (const act of [() => sound && run.checkpoint(), () => run.end('broke off', reason)]) {
    try {
      act();
    } catch (second) {
      if (!(second instanceof UserError)) throw second;
    }
  }
}

function stopped(run: TrainingRun): void {
  try {
    run.checkpoint();
  } catch (error) {
    breakOff(run, error, false);
    throw error;
  }
  run.end('stopped');
}

/** After every `testFreq` steps of an epoch; also when that test was broken off, or comes first after a resume. */
function isTestDue(run: TrainingRun): boolean {
  const { step } = run.position;
  return step > 0 && step % run.hyperparameters.testFreq === 0 && !isTested(run);
}

/** Was the network tested as it is now? */
function isTested({ lastStep, test }: TrainingRun): boolean {
  return test.length > 0 && test[test.length - 1].step === lastStep;
}
