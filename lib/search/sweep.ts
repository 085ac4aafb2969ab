import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256Of } from '../base/files/checksum';
import { checkTrainingData } from '../data/check_sets';
import { dataDigest, differingData, type DataDigest } from '../data/digest';
import { UserError } from '../base/errors';
import { onAbort } from '../base/interrupt';
import { parseHyperparameters, type HyperparametersInput } from '../model/hyperparameters';
import { projectPath } from '../base/project';
import { makeRunFolder } from '../runs/run_folder';
import { lockFolder } from '../base/files/lock';
import { readRun } from '../runs/read_run';
import type { TrainingData } from '../training/trainer';
import type { EarlyStopping, TrialTest } from './early_stopping';
import { numBrackets } from './hyperband';
import { OwnProcess } from './own_process';
import { openQueue, type QueuedTrialRunner } from './open_queue';
import { Search } from './search';
import { checkSpace, gridOf, randomPoints, type Sample, type Space } from './space';
import { readSweepInfo, sweepFolder, writeSweep, type SweepInfo } from './sweep_file';
import type { SweepObserver } from './sweep_observer';
import { sweepResult, type SweepResult } from './sweep_result';
import type { TrialRunner } from './trial';
import { WorkerPool } from './worker_pool';

/** Options of `resumeSweep`. */
export interface ResumeSweepOptions {
  /** Told what happens. Default none. */
  observers?: readonly SweepObserver[];
  /** Aborted, it stops the search gracefully: the trials that run are interrupted. */
  signal?: AbortSignal;
  /**
   * Trials that run side by side, each in a process of its own and with the data in its memory. Default 1: here. With
   * several, which trials are stopped early depends on which come first. With a queue it matters to TPE only.
   */
  processes?: number;
  /**
   * Redis, `redis://host:6379` or `rediss://user:password@host:6379`: the trials run on all machines where
   * `npm run worker -- --queue <address>` runs, which read the same data by themselves. Default: here. With the method
   * 'tpe' as many trials at once as there are workers when it begins, or as `processes` says if that is more.
   */
  queue?: string;
}

/** Options of `sweep`. */
export interface SweepOptions extends ResumeSweepOptions {
  /**
   * Default 'random': settings at random. 'grid': each value with each. 'tpe': after ten trials at random, each next one
   * is proposed from what is known of the others (`proposeByTpe`).
   */
  method?: 'random' | 'grid' | 'tpe';
  /** How many; a grid has as many as it has points, the other methods need it. */
  trials?: number;
  /** Of a grid: values of each continuous range. Default 3. */
  points?: number;
  /** What all trials share, beside the space; what is left out has the original program's value. */
  settings?: HyperparametersInput;
  /** Decides which settings are tried at random or by TPE, not how they are trained: that is `settings.seed`. Default 0. */
  seed?: number;
  /**
   * When a hopeless trial is stopped: `medianRule`, `successiveHalving`, the same in the brackets of Hyperband, or never.
   * Default 'median'.
   */
  earlyStopping?: EarlyStopping;
  /** So many tests each trial may make before it can be stopped; with 'halving' and 'hyperband' the first rung. Default 3. */
  graceTests?: number;
  /** Becomes part of the folders' names. Default 'search'. */
  name?: string;
  /** Where the folders of the sweep and of its runs stand. Default `runs` in the project. */
  directory?: string;
}

/**
 * Search for good settings: train a run for each of many, and stop those that are hopeless. The stop button, or Ctrl-C,
 * stops it gracefully; `resumeSweep` goes on. In a notebook a table shows how it goes, and at the end a chart.
 * @param data trials are compared by its `test` part: with the validation images there, the test images stay unseen
 * @param space what is tried, of each setting
 * @throws UserError for settings or options that are not possible, before anything is trained; or if in the end no
 * trial was tested. A trial that fails is noted, and the search goes on
 *
 * @example
 * const space = { learningRate: logUniform(1e-4, 1e-2), cell: choice([{ kind: 'gru' }, { kind: 'lstm' }]) };
 * const { best } = await sweep({ train: mnist.train, test: mnist.validation }, space, { trials: 20 });
 */
export async function sweep(
  data: TrainingData,
  space: Space,
  options: SweepOptions = {},
): Promise<SweepResult> {
  const { settings = {}, method = 'random', seed = 0, name = 'search', directory = 'runs' } = options;
  const { earlyStopping = 'median', graceTests = 3, processes = 1 } = options;
  checkTrainingData(data);
  checkSpace(space, settings, data.train);
  checkCount('processes', processes);
  checkCount('graceTests', graceTests);
  const info: SweepInfo = {
    ...{ format: 1, name, started: new Date().toISOString(), space, settings, method, seed },
    ...{ earlyStopping, graceTests, processes, dataDigest: dataDigest(data) },
    brackets: earlyStopping === 'hyperband' ? numBrackets(testsOf(settings, data), graceTests) : undefined,
    trials: samplesOf(space, options).map((sample, i) => ({
      ...{ number: i + 1, settings: sample, state: 'waiting', step: 0, seconds: 0 },
    })),
  };
  const folder = makeRunFolder(projectPath(directory), `${name}-sweep`);
  writeSweep(folder, info);
  return runSweep(folder, info, data, options);
}

/**
 * Go on with a sweep of this or another process: what is done is kept, a trial that was interrupted goes on from its
 * checkpoint.
 * @param folder a path, or the name of a folder in `runs`
 * @param data the same that it began with
 * @throws UserError if it is no sweep's folder, for other data, or while another process has it
 */
export async function resumeSweep(
  folder: string,
  data: TrainingData,
  options: ResumeSweepOptions = {},
): Promise<SweepResult> {
  const path = sweepFolder(folder);
  const info = readSweepInfo(path);
  const others = otherData(info.dataDigest, data);
  if (others.length > 0) {
    throw new UserError(
      `Expected the data that ${path} was begun with, found other ${others.join(' and other ')}: read the same data ` +
        'set with the same validationSize, and as many of its images',
    );
  }
  return runSweep(path, info, data, options);
}

async function runSweep(
  folder: string,
  info: SweepInfo,
  data: TrainingData,
  { processes = info.processes, observers = [], signal, queue }: ResumeSweepOptions,
): Promise<SweepResult> {
  checkCount('processes', processes);
  const unlock = lockFolder(folder);
  try {
    const queued = queue === undefined ? undefined : await openQueue(queue, data, info);
    const runner = queued ?? localRunner(data, processes);
    const sideBySide = queued ? await queuedTrials(queued, info, processes) : processes;
    const search = new Search(folder, info, earlierTests(folder, info), runner, observers);
    const stopListening = onAbort(signal, () => search.stop());
    observers.forEach(observer => observer.begin?.(info));
    try {
      await search.run(sideBySide);
    } finally {
      stopListening();
    }
    observers.forEach(observer => observer.end?.(info, folder));
  } finally {
    unlock();
  }
  return sweepResult(folder, info);
}

/** Tests of a whole training; of settings that the space varies, the shared value counts. */
function testsOf(settings: HyperparametersInput, { train }: TrainingData): number {
  const { batchSize, epochs, testFreq } = parseHyperparameters(settings);
  const steps = Math.floor(train.numExamples / batchSize);
  return epochs * Math.floor(steps / testFreq) + (steps % testFreq === 0 ? 0 : 1); // the last at the very end
}

function localRunner(data: TrainingData, processes: number): TrialRunner {
  return processes > 1 ? new WorkerPool(data, processes) : new OwnProcess(data);
}

/** A method that learns needs results before it proposes more; others put all trials into the queue at once. */
async function queuedTrials(
  runner: QueuedTrialRunner,
  { method, trials }: SweepInfo,
  atLeast: number,
): Promise<number> {
  return method === 'tpe' ? Math.max(atLeast, await runner.countWorkers()) : trials.length;
}

/** What a sweep that goes on knows of its earlier trials. */
function earlierTests(folder: string, { trials, settings }: SweepInfo): Map<number, readonly TrialTest[]> {
  const tests = new Map<number, readonly TrialTest[]>();
  for (const { number, run, settings: own } of trials) {
    if (run === undefined || !existsSync(join(dirname(folder), run))) continue; // its run may have been deleted
    const { batchSize } = parseHyperparameters({ ...settings, ...own });
    const { test } = readRun(join(dirname(folder), run));
    tests.set(
      number,
      test.map(({ step, testError }) => ({ examples: step * batchSize, testError })),
    );
  }
  return tests;
}

function samplesOf(space: Space, { method = 'random', trials, points, seed = 0 }: SweepOptions): Sample[] {
  if (method === 'grid') {
    if (trials === undefined) return gridOf(space, points);
    throw new UserError(`Expected a grid without trials, found trials ${trials}: it has as many as points`);
  }
  if (trials === undefined) throw new UserError('Expected the number of trials, found none: { trials: 20 }');
  checkCount('trials', trials);
  if (points !== undefined) throw new UserError(`Expected points in a grid only, found ${points}`);
  // TPE proposes the settings of a trial when it begins.
  return method === 'tpe' ? Array.from({ length: trials }, () => ({})) : randomPoints(space, trials, seed);
}

function checkCount(name: string, count: number): void {
  if (Number.isSafeInteger(count) && count >= 1) return;
  throw new UserError(`Expected an integer from 1 up as ${name}, found ${count}`);
}

function otherData(expected: DataDigest | string, data: TrainingData): string[] {
  if (typeof expected !== 'string') return differingData(expected, dataDigest(data));
  return expected === sha256Of(Buffer.concat([data.train.labels, data.test.labels])) ? [] : ['labels'];
}
