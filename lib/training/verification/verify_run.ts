import { join } from 'node:path';
import { UserError } from '../../base/errors';
import { readRegularFile } from '../../base/files/files';
import { readable } from '../../base/readable';
import { checkTrainingData } from '../../data/check_sets';
import { dataDigest } from '../../data/digest';
import { parseRunSettings } from '../../model/run_settings';
import type { CheckpointInfo } from '../../runs/checkpoint';
import { checkpointNames, findCheckpoint, stepOf, type FoundCheckpoint } from '../../runs/checkpoints';
import { linesUntil, parseMetrics, type Point } from '../../runs/metrics';
import { readRun, type StoredRun } from '../../runs/read_run';
import { runFiles } from '../../runs/run_folder';
import { currentEnvironment, type Environment } from '../../runs/run_info';
import { readTestPredictions } from '../../runs/test_predictions';
import { decayedRate } from '../recipe/learning_rate';
import { checkSameData } from '../same_data';
import { Trainer, type TrainingData } from '../trainer';
import { differingStep, differingTest, differingWeights, type Difference } from './same_bits';

/** Options of `verifyRun`. */
export interface VerifyOptions {
  /**
   * Repeat at least so many of the last steps, as far as checkpoints reach back. Default: those since the checkpoint
   * before the newest one.
   */
  steps?: number;
  /** Called after each step that was repeated, with their number and that of all of them. */
  onStep?: (done: number, total: number) => void;
}

/** What repeating the last steps of a run showed. */
export interface Verification {
  /** `unknown`: the steps cannot be repeated, or differ for a reason that is not the run's. */
  readonly state: 'same' | 'different' | 'unknown';
  /** The steps after this one up to that one were repeated; the difference is in step `to`, or in what it left. */
  readonly from?: number;
  readonly to?: number;
  /** Tests that were repeated, and checkpoints whose weights were compared. */
  readonly tests: number;
  readonly checkpoints: number;
  /** In words: the first difference, or why it is not known. */
  readonly reason?: string;
  /** What is not as it was when the run was trained. */
  readonly notes: readonly string[];
}

/**
 * Repeat the last steps of a run from one of its checkpoints, and compare every loss, error and gradient norm, every test
 * and all weights with what was recorded, bit for bit. Nothing in the run's folder is changed.
 * @param run a run, its folder, or the name of a folder in `runs`
 * @param data the same that it was trained with
 * @throws UserError if it is no run's folder
 *
 * @example
 * const { state, reason } = await verifyRun(run, mnist, { steps: 100 });
 */
export async function verifyRun(
  run: string | { readonly folder: string },
  data: TrainingData,
  { steps = 1, onStep = () => {} }: VerifyOptions = {},
): Promise<Verification> {
  checkTrainingData(data);
  const stored = readRun(typeof run === 'string' ? run : run.folder);
  const plan = planOf(stored, data, steps);
  if (typeof plan === 'string') return verification({ state: 'unknown', reason: plan, ...nothing });
  const { from, to, notes, environment } = plan;
  const result = await repeat(stored, data, plan, onStep);
  const repeated = { from: from.checkpoint.info.step, tests: result.tests, checkpoints: result.checkpoints };
  if (result.difference === undefined) {
    return verification({ state: 'same', ...repeated, to: to.info.step, notes: [...notes, ...environment] });
  }
  const known = { ...repeated, to: result.step, notes };
  if (environment.length === 0) {
    return verification({ state: 'different', ...known, reason: result.difference });
  }
  const reason = `${result.difference}; but that is no wonder, for the run was made elsewhere: ${environment.join('; ')}`;
  return verification({ state: 'unknown', ...known, reason });
}

const nothing = { tests: 0, checkpoints: 0, notes: [] };

interface Plan {
  readonly from: FoundCheckpoint;
  /** Those after it that are kept; the last is `to`. */
  readonly later: readonly FoundCheckpoint['checkpoint'][];
  readonly to: FoundCheckpoint['checkpoint'];
  readonly points: readonly Point[];
  readonly notes: readonly string[];
  /** What is another one than when it was trained. */
  readonly environment: readonly string[];
}

/** @returns why it is not possible, in place of a plan */
function planOf(stored: StoredRun, data: TrainingData, steps: number): Plan | string {
  try {
    const { checkpoint: to, problems } = findCheckpoint(stored.folder);
    const earlier = checkpointNames(stored.folder)
      .map(stepOf)
      .filter(step => step < to.info.step);
    const [oldest] = earlier.slice(-1);
    const first = earlier.find(step => step <= to.info.step - steps) ?? oldest;
    if (first === undefined) {
      return `no checkpoint before that of step ${to.info.step} is kept, so there is nothing to begin at`;
    }
    const from = findCheckpoint(stored.folder, first);
    const { own = [], dataDigest: expected } = from.checkpoint.info;
    if (own.length > 0)
      return `its ${own.join(' and ')} are its user's own, and cannot be made from its settings`;
    checkSameData(data, dataDigest(data), expected, from.path);
    const points = pointsBetween(stored, from.checkpoint.info, to.info);
    if (typeof points === 'string') return points;
    const between = earlier.filter(step => step > first).reverse();
    const later = [...between.map(step => findCheckpoint(stored.folder, step).checkpoint), to];
    const short = to.info.step - first < steps;
    const notes = [...problems];
    if (short) notes.push(`no checkpoint is kept that is ${steps} steps before step ${to.info.step}`);
    const { environment } = to.info;
    if (!environment) notes.push('the processor that it was trained with is not recorded');
    return {
      from,
      later,
      to,
      points,
      notes,
      environment: otherEnvironment(environment ?? stored.info.versions),
    };
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** What was recorded from one checkpoint to the other. */
function pointsBetween(stored: StoredRun, from: CheckpointInfo, to: CheckpointInfo): Point[] | string {
  const { lines } = parseMetrics(readRegularFile(join(stored.folder, runFiles.metrics)));
  const points = linesUntil(lines, to)
    .slice(linesUntil(lines, from).length)
    .map(({ point }) => point);
  const steps = points.filter(point => 'loss' in point).length;
  if (steps === to.step - from.step) return points;
  return `${runFiles.metrics} has ${steps} of the ${to.step - from.step} steps after step ${from.step}: it is damaged`;
}

function otherEnvironment(recorded: Partial<Environment>): string[] {
  return Object.entries(currentEnvironment()).flatMap(([name, now]) => {
    const then = recorded[name as keyof Environment];
    return then === undefined || then === now ? [] : [`${name} was ${then} and is ${now}`];
  });
}

interface Result {
  difference: Difference;
  /** The last that was repeated. */
  step: number;
  tests: number;
  checkpoints: number;
}

async function repeat(
  stored: StoredRun,
  data: TrainingData,
  { from, later, points }: Plan,
  onStep: (done: number, total: number) => void,
): Promise<Result> {
  const { info } = from.checkpoint;
  const parse = (settings: object) => parseRunSettings(settings, { own: [] });
  const trainer = new Trainer(parse(info.hyperparameters), data, {});
  const classes = new Map(readTestPredictions(stored.folder).map(test => [test.step, test.classes]));
  const result: Result = { difference: undefined, step: info.step, tests: 0, checkpoints: 0 };
  const total = later[later.length - 1].info.step - info.step;
  try {
    trainer.restore(from.checkpoint, from.path);
    for (const [i, point] of points.entries()) {
      if ('loss' in point) {
        result.difference = differingStep(point, await trainer.step());
        result.step = point.step;
        onStep(point.step - info.step, total);
        const checkpoint = later.find(each => each.info.step === point.step);
        if (!result.difference && checkpoint) {
          result.difference = differingWeights(checkpoint, trainer.variables);
          result.checkpoints++;
        }
      } else if ('testError' in point) {
        result.difference = differingTest(point, await trainer.evaluate(), classes.get(point.step));
        result.tests++;
      } else if (!isDecay(point.set, trainer, points[i + 1])) {
        trainer.setHyperparameters(parse({ ...trainer.hyperparameters, ...point.set }));
      }
      if (result.difference !== undefined) break;
    }
    return result;
  } finally {
    trainer.dispose();
  }
}

/** The learning rate after an epoch, which the next step sets by itself. */
function isDecay(set: Readonly<Record<string, number>>, trainer: Trainer, next: Point | undefined): boolean {
  const { position, stepsPerEpoch, hyperparameters } = trainer;
  return (
    position.step === stepsPerEpoch &&
    next !== undefined &&
    'loss' in next &&
    Object.keys(set).join() === 'learningRate' &&
    set.learningRate === decayedRate(hyperparameters)
  );
}

function verification(result: Verification): Verification {
  return readable(result, { text: describeVerification });
}

/** `same bits: steps 51 to 100, with 2 tests and the weights of 1 checkpoint`, and why if not */
export function describeVerification(result: Verification): string {
  const { state, from = 0, to, reason, notes, tests, checkpoints } = result;
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  const repeated = to === undefined ? '' : `steps ${from + 1} to ${to}`;
  const compared = `${count(tests, 'test')} and the weights of ${count(checkpoints, 'checkpoint')}`;
  const lines = {
    same: `the same bits: ${repeated}, with ${compared}`,
    different: `other bits: ${reason}. Up to there ${repeated} were repeated, with ${compared}. A loop with batches of its user's own cannot be repeated`,
    unknown: `not known: ${reason}`,
  };
  return [lines[state], ...notes.map(note => `  ${note}`)].join('\n');
}
