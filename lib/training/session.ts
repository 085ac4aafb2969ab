import { GraphFolderError } from '../compile/compile_error';
import type { Batch } from '../data';
import { UserError } from '../base/errors';
import type { TrainPoint } from '../base/history';
import { Interrupted, isInterrupt, onAbort } from '../base/interrupt';
import { remedy } from '../base/remedy';
import { answerRequests } from './answer_requests';
import type { Evaluation } from './evaluate';
import type { TrainingObserver } from './observer';
import type { Driver } from './training_core';
import type { TrainingRun } from './training_run';

export interface TrainOptions {
  /** Told what happens, in this order, beside those that `run.observe` added. Default none. */
  observers?: readonly TrainingObserver[];
  /** Aborted, it ends the training after the step that it is in, as `run.stop()` does. */
  signal?: AbortSignal;
}

/**
 * A training under way, step by step: `train` goes through one by itself, `beginTraining` hands one to a loop of the
 * user's own. Everything is recorded and told to observers; pauses and returns to the best checkpoint come between the
 * steps. An error, or the stop button, ends it with all that was done kept in the run.
 */
export class TrainingSession implements Driver {
  private readonly cleanUp: (() => void)[] = [];
  private over = false;
  private leaving?: Promise<void>;
  private current?: Promise<unknown>; // the step or test that is under way
  private observerFailed = false; // then the network is as it should be, and the steps since the last checkpoint are kept

  private constructor(
    readonly run: TrainingRun,
    private readonly byHand: boolean,
  ) {}

  /**
   * @param byHand whether a loop of the user's own makes the steps
   * @throws UserError if the run has nothing left to do, or somebody trains it already
   */
  static async begin(
    run: TrainingRun,
    { observers = [], signal }: TrainOptions = {},
    byHand = true,
  ): Promise<TrainingSession> {
    checkStepsLeft(run);
    if (run.driver?.idle) await run.driver.end(); // a loop that was left, by an error between its steps
    const session = new TrainingSession(run, byHand);
    run.begin(session);
    session.cleanUp.push(
      onAbort(signal, () => run.stop()),
      ...observers.map(observer => run.observe(observer)),
      run.recorded ? answerRequests(run) : () => {},
    );
    await session.attempt(() => session.tell('begin', run));
    return session;
  }

  get idle(): boolean {
    return this.byHand && (this.leaving !== undefined || this.current === undefined);
  }

  /**
   * One training step, recorded.
   * @param batch of `run.data.train`. Default: the next one
   * @throws UserError when the loss is not finite; a KeyboardInterrupt when the run was to stop
   */
  step(batch?: Batch): Promise<TrainPoint> {
    return this.attempt(async () => {
      this.checkGoesOn();
      const point = await this.run.step(batch);
      await this.tell('step', point, this.run);
      await this.betweenSteps();
      return point;
    });
  }

  /** A test on all test images, recorded, with a checkpoint. */
  test(): Promise<Evaluation> {
    return this.attempt(async () => {
      this.checkGoesOn();
      const evaluation = await this.evaluate();
      await this.betweenSteps();
      return evaluation;
    });
  }

  /** After the last step: the test at the very end, where that was not made, or a checkpoint for going on later. */
  end(): Promise<void> {
    return this.leaving ?? this.finish();
  }

  private async finish(): Promise<void> {
    if (this.over) return;
    const { run } = this;
    await this.attempt(async () => {
      if (run.stepsLeft > 0 || isTestDue(run)) return this.stopped();
      if (!isTested(run)) await this.evaluate();
      run.end('finished');
    });
    await this.close();
  }

  /** `train` looks by itself whether the run is to stop; a loop of the user's own is broken off. */
  private checkGoesOn(): void {
    if (this.byHand && this.run.stopping) throw new Interrupted('the training was stopped');
  }

  /** The loop was broken off: the session ends as soon as the step that it is in is over. */
  leave(): Promise<void> {
    const leave = async () => {
      this.run.stop();
      while (this.current) await this.current.catch(() => {}); // whoever waits for the step gets the error
      await this.finish();
    };
    return (this.leaving ??= leave());
  }

  private async evaluate(): Promise<Evaluation> {
    const point = await this.run.evaluate();
    const evaluation = this.run.evaluation!;
    await this.tell('test', point, this.run);
    return evaluation;
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    if (this.over && this.leaving) throw new Interrupted('the training was stopped');
    if (this.over)
      throw new UserError('Expected training that goes on, found it ended: beginTraining(run) goes on');
    if (this.current)
      throw new UserError('Expected one step at a time, found another under way: await it first');
    const attempt = this.orEnd(work);
    this.current = attempt;
    try {
      return await attempt;
    } finally {
      this.current = undefined;
    }
  }

  /** An error ends the session, with all that was done kept in the run. */
  private async orEnd<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (caught) {
      const error =
        caught instanceof GraphFolderError ? new UserError(caught.message, { cause: caught }) : caught;
      if (isInterrupt(error)) this.stopped();
      else this.breakOff(error, this.observerFailed);
      await this.close().catch(() => {}); // the first error is the one to tell
      throw error;
    }
  }

  private tell: TrainingRun['tell'] = (...event) =>
    this.run.tell(...event).catch((error: unknown) => {
      this.observerFailed = true;
      throw error;
    });

  private async betweenSteps(): Promise<void> {
    const { run } = this;
    run.goBackIfAsked();
    await run.whilePaused();
    while (run.goBackIfAsked()) await run.whilePaused();
  }

  private stopped(): void {
    try {
      this.run.checkpoint();
    } catch (error) {
      this.breakOff(error, false);
      throw error;
    }
    this.run.end('stopped');
  }

  /** A disk that cannot be written has ended it, perhaps: then the folder does not take the reason either. */
  private breakOff(error: unknown, save: boolean): void {
    const reason = error instanceof Error ? error.message : String(error);
    for (const act of [() => save && this.run.checkpoint(), () => this.run.end('broke off', reason)]) {
      try {
        act();
      } catch (second) {
        if (!(second instanceof UserError)) throw second;
      }
    }
  }

  private async close(): Promise<void> {
    this.over = true;
    try {
      await this.tell('end', this.run);
    } finally {
      this.cleanUp.forEach(end => end());
    }
  }
}

function checkStepsLeft(run: TrainingRun): void {
  if (run.stepsPerEpoch === 0) {
    throw new UserError(
      `Expected a batchSize of at most the training examples, found ${run.hyperparameters.batchSize}`,
    );
  }
  if (run.stepsLeft > 0 || !isTested(run)) return;
  throw new UserError(
    `Expected a run with steps left, found one that has finished its ${run.hyperparameters.epochs} epochs: ` +
      remedy({
        call: 'continueTraining(run, { epochs: 1 }) adds one',
        shell: 'npm run train -- --epochs <number> trains another run for longer',
      }),
  );
}

/** After every `testFreq` steps of an epoch; also when that test was broken off, or comes first after a resume. */
export function isTestDue(run: TrainingRun): boolean {
  const { step } = run.position;
  return step > 0 && step % run.hyperparameters.testFreq === 0 && !isTested(run);
}

/** Was the network tested as it is now? */
export function isTested({ lastStep, history: { test } }: TrainingRun): boolean {
  return test.length > 0 && test[test.length - 1].step === lastStep;
}
