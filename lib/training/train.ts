import { GraphFolderError } from '../compile/compile_error';
import { UserError } from '../errors';
import type { TestPoint, TrainPoint } from '../history';
import { currentKernel } from '../notebook/kernel_api';
import { remedy } from '../remedy';
import { answerRequests } from './answer_requests';
import { LiveTraining } from './live_training';
import { isInterrupt, stopOnInterrupt } from '../stop';
import type { TrainingRun } from './training_run';

export interface TrainOptions {
  /** Takes the lines that the original program prints. Default console.log; in a notebook the chart says it all. */
  log?: (line: string) => void;
  /** Called after each step. */
  onStep?: (point: TrainPoint) => void;
  /** Called after each test; `run.stop()` in it ends the training. */
  onTest?: (point: TestPoint) => void;
  /** Show the curves while they grow, in a notebook. Default true. */
  live?: boolean;
}

/**
 * Train until the run's last epoch has ended: in each epoch ⌊examples / batchSize⌋ steps, with a test on all test
 * images every `testFreq` steps, counted anew in each epoch, and one at the very end. In a notebook the curves grow in
 * the cell's output. The stop button, or Ctrl-C in a terminal, ends it after the step it is in: model and curves stay,
 * and `continueTraining` goes on from there. A second press breaks it off at once.
 * @throws UserError when the loss is not finite; what was recorded until then is kept
 *
 * @example
 * const run = createRun(mnist, { epochs: 1 });
 * await train(run);
 */
export async function train(run: TrainingRun, options: TrainOptions = {}): Promise<void> {
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
  const notebook = currentKernel() !== undefined && options.live !== false;
  const { log = notebook ? () => {} : console.log } = options;
  await stopOnInterrupt(
    () => run.stop(),
    async () => {
      run.begin();
      const live = notebook ? showLive(run) : undefined;
      const stopAnswering = answerRequests(run);
      try {
        await loop(run, log, options, live);
      } finally {
        stopAnswering();
        await live?.end();
      }
    },
  );
}

/**
 * Go on with a run that was stopped or has finished, in the same curves.
 * @param options.epochs how many more than planned. Default 0: to the end that was planned
 */
export async function continueTraining(
  run: TrainingRun,
  { epochs = 0, ...options }: TrainOptions & { epochs?: number } = {},
): Promise<void> {
  run.setEpochs(run.hyperparameters.epochs + epochs);
  await train(run, options);
}

/** A pause and a stop are seen at once, though no step follows. */
function showLive(run: TrainingRun): { update(): void; end(): Promise<void> } {
  const live = new LiveTraining(run, {
    get totalSteps() {
      return run.totalSteps;
    },
    status: () => run.status,
    settings: () => run.settings,
  });
  const stopListening = run.onUpdate(() => (run.status === 'training' ? live.update() : live.redraw()));
  return {
    update: () => live.update(),
    end() {
      stopListening();
      return live.end();
    },
  };
}

async function loop(
  run: TrainingRun,
  log: (line: string) => void,
  { onStep = () => {}, onTest = () => {} }: TrainOptions,
  live: { update(): void } | undefined,
): Promise<void> {
  const test = async () => {
    const point = await run.evaluate();
    log(`epoch: ${point.epoch}, steps: ${run.position.step}, avg_test_error: ${point.testError.toFixed(4)}`);
    onTest(point);
  };
  try {
    while (!run.stopping) {
      if (!run.goBackIfAsked()) {
        if (isTestDue(run)) await test();
        else if (run.stepsLeft > 0) onStep(await run.step());
        else break;
      }
      live?.update();
      await run.whilePaused();
    }
    if (run.stepsLeft > 0 || isTestDue(run)) return stopped(run, log);
    if (!isTested(run)) onTest(await run.evaluate());
    const { epochs } = run.hyperparameters;
    const { testError } = run.test[run.test.length - 1];
    log(`test error after ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}: ${testError.toFixed(4)}`);
    run.end('finished');
  } catch (caught) {
    const error =
      caught instanceof GraphFolderError ? new UserError(caught.message, { cause: caught }) : caught;
    if (isInterrupt(error)) stopped(run, log);
    else breakOff(run, error);
    throw error;
  }
}

/** A disk that cannot be written has ended it, perhaps: then the folder does not take the reason either. */
function breakOff(run: TrainingRun, error: unknown): void {
  try {
    run.end('broke off', error instanceof Error ? error.message : String(error));
  } catch (second) {
    if (!(second instanceof UserError)) throw second;
  }
}

function stopped(run: TrainingRun, log: (line: string) => void): void {
  try {
    run.checkpoint();
  } catch (error) {
    breakOff(run, error);
    throw error;
  }
  run.end('stopped');
  log(`stopped after step ${run.lastStep} of ${run.totalSteps}`);
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
