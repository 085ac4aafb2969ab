import { dirname, join } from 'node:path';
import { UserError } from '../base/errors';
import { parseHyperparameters, type Hyperparameters } from '../model/hyperparameters';
import { jsString } from '../base/quote';
import { isProposed } from './propose/propose';
import type { Sample, Space } from './space';
import { readSweepInfo, sweepFolder, type SweepInfo, type SweepTrial, type TrialState } from './sweep_file';

/** One trial of a search. */
export interface TrialResult {
  /** 1 for the first. */
  readonly number: number;
  /** The settings of the space. */
  readonly settings: Sample;
  /** All settings. */
  readonly hyperparameters: Hyperparameters;
  readonly state: TrialState;
  /** Why it broke off. */
  readonly reason?: string;
  /** Of its run; undefined before it began. */
  readonly folder?: string;
  /** Lowest and last test error, 0..1; undefined before the first test. */
  readonly testError?: number;
  readonly lastTestError?: number;
  readonly step: number;
  /** In training. */
  readonly seconds: number;
}

/** What a search found. */
export interface SweepResult {
  readonly folder: string;
  readonly name: string;
  readonly space: Space;
  /** Best first; those without a test come last. */
  readonly trials: readonly TrialResult[];
  readonly best: TrialResult & { readonly testError: number; readonly folder: string };
}

/**
 * A search as its folder tells it, also while another process goes on with it.
 * @param folder a path, or the name of a folder in `runs`
 * @throws UserError if it is no sweep's folder, or no trial was tested yet
 */
export function readSweep(folder: string): SweepResult {
  const path = sweepFolder(folder);
  return sweepResult(path, readSweepInfo(path));
}

export function sweepResult(folder: string, info: SweepInfo): SweepResult {
  const error = ({ testError = Infinity }: TrialResult) => testError;
  const trials = info.trials
    .filter(trial => isProposed(info, trial))
    .map(trial => trialResult(folder, info, trial))
    .sort((a, b) => (error(a) === error(b) ? a.number - b.number : error(a) - error(b)));
  const [best] = trials;
  if (best?.testError === undefined || best.folder === undefined) throw noTest(folder, info);
  const { name, space } = info;
  const tested = { ...best, testError: best.testError, folder: best.folder };
  return { folder, name, space, trials, best: tested };
}

function trialResult(folder: string, { settings: shared }: SweepInfo, trial: SweepTrial): TrialResult {
  const { number, settings, state, reason, run, bestTestError, lastTestError, step, seconds } = trial;
  return {
    number,
    settings,
    hyperparameters: parseHyperparameters({ ...shared, ...settings }),
    state,
    reason,
    folder: run === undefined ? undefined : join(dirname(folder), run),
    testError: bestTestError,
    lastTestError,
    step,
    seconds,
  };
}

function noTest(folder: string, { trials }: SweepInfo): UserError {
  const broken = trials.find(({ state }) => state === 'broke off');
  const going = trials.some(({ state }) => state !== 'broke off');
  const found = broken ? `that trial ${broken.number} broke off: ${broken.reason}` : 'none';
  const advice = going ? `resumeSweep(${jsString(folder)}, data) goes on` : 'search another space';
  return new UserError(`Expected a trial that was tested, found ${found}. ${advice}`);
}
