/** One trial of a search, trained here: in the search's own process, or in a child of it. */
import type { DataSetContent } from '../data/content';
import type { HyperparametersInput } from '../model/hyperparameters';
import { findCheckpointIfAny } from '../runs/checkpoints';
import { Interrupted } from '../base/interrupt';
import { createRun, resume } from '../training/create_run';
import type { TrainingObserver } from '../training/observer';
import { train } from '../training/train';
import type { TrainingData } from '../training/trainer';
import type { TrainingRun } from '../training/training_run';
import type { TrialTest } from './early_stopping';

/** What a trial needs to know; can be sent to another process. */
export interface TrialTask {
  readonly number: number;
  readonly hyperparameters: HyperparametersInput;
  /** Of the run. */
  readonly name: string;
  /** Of the runs of a search. */
  readonly group?: string;
  /** Where the run's folder is made. */
  readonly directory: string;
  /** The run of a trial that was interrupted. */
  readonly folder?: string;
  /** No test decides whether the trial goes on: it need not wait for an answer. */
  readonly certain?: boolean;
}

export interface TrialStep {
  readonly step: number;
  readonly totalSteps: number;
  /** In training. */
  readonly seconds: number;
}

/** What the search wants to know while a trial goes on. */
export interface TrialListener {
  onStart(folder: string): void;
  onStep(step: TrialStep): void;
  /** The trial waits for the answer. @returns whether it goes on */
  onTest(tests: readonly TrialTest[]): boolean | Promise<boolean>;
}

export type TrialOutcome =
  | { readonly state: 'finished' | 'stopped early' | 'interrupted' }
  | { readonly state: 'broke off'; readonly reason: string };

/** One way to run trials. */
export interface TrialRunner {
  /** Never rejects because of the trial: a trial that fails has an outcome too. */
  runTrial(task: TrialTask, listener: TrialListener): Promise<TrialOutcome>;
  /** Stop the trials that are running: their outcome is 'interrupted'. */
  interrupt(): void;
  /** No more trials will come. */
  end(): void | Promise<void>;
}

/** The data as it can be sent to another process. */
export interface SentData {
  readonly train: DataSetContent;
  readonly test: DataSetContent;
}

/**
 * Train the trial to its end, or until the listener says that it is hopeless.
 * @param onRun takes the run before it is trained, for whoever wants to stop it
 * @throws Interrupted when the cell was broken off
 */
export async function trainTrial(
  data: TrainingData,
  task: TrialTask,
  listener: TrialListener,
  onRun: (run: TrainingRun) => void = () => {},
): Promise<TrialOutcome> {
  let run: TrainingRun | undefined;
  try {
    run = openRun(data, task);
    onRun(run);
    listener.onStart(run.folder);
    return await trainUntilHopeless(run, listener);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return { state: 'broke off', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    run?.dispose();
  }
}

/** An interrupted trial goes on from its checkpoint; without one it begins anew. */
function openRun(
  data: TrainingData,
  { folder, hyperparameters, name, group, directory }: TrialTask,
): TrainingRun {
  const quiet = { log: () => {} };
  if (folder !== undefined && findCheckpointIfAny(folder)) return resume(folder, data, quiet);
  return createRun(data, hyperparameters, { ...quiet, name, group, directory });
}

async function trainUntilHopeless(run: TrainingRun, listener: TrialListener): Promise<TrialOutcome> {
  let hopeless = false;
  const ask = async () => {
    hopeless = !(await listener.onTest(testsOf(run)));
    if (hopeless) run.stop();
  };
  // The last test of a run that goes on may have been made without an answer.
  if (run.history.test.length > 0) await ask();
  if (isDone(run)) {
    run.begin();
    run.end('finished');
  } else if (!hopeless) {
    const observer: TrainingObserver = {
      step: ({ step, seconds }) => listener.onStep({ step, totalSteps: step + run.stepsLeft, seconds }),
      test: ask, // no step is made until the answer is there
    };
    await train(run, { observers: [observer] });
  }
  if (isDone(run)) return { state: 'finished' };
  return { state: hopeless ? 'stopped early' : 'interrupted' };
}

function isDone({ stepsLeft, lastStep, history: { test } }: TrainingRun): boolean {
  return stepsLeft === 0 && test.length > 0 && test[test.length - 1].step === lastStep;
}

function testsOf(run: TrainingRun): TrialTest[] {
  const { batchSize } = run.hyperparameters;
  return run.history.test.map(({ step, testError }) => ({ examples: step * batchSize, testError }));
}
