/** `sweep.json`: all that a search knows, so that it can be read and continued. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DataDigest } from '../data/digest';
import { didYouMean } from '../base/did_you_mean';
import { UserError } from '../base/errors';
import type { HyperparametersInput } from '../model/hyperparameters';
import { projectPath } from '../base/project';
import { parseWith, readUnchecked, writeCheckedJson } from '../base/files/checked_json';
import { readingProblem } from '../base/files/files';
import { foldersIn } from '../runs/run_folder';
import { lockOwner } from '../base/files/lock';
import { sweepSchema } from './sweep_schema';
import type { EarlyStopping } from './early_stopping';
import type { Sample, Space } from './space';

export type TrialState = 'waiting' | 'running' | 'interrupted' | 'finished' | 'stopped early' | 'broke off';

export interface SweepTrial {
  /** 1 for the first. */
  readonly number: number;
  /** The settings of the space; before it begins, those that were pinned or drawn beforehand. */
  settings: Sample;
  /** Its settings, or some of them, were given while the search went on. */
  readonly pinned?: boolean;
  state: TrialState;
  /** Why it broke off. */
  reason?: string;
  /** The name of its run's folder, which stands beside the sweep's own. */
  run?: string;
  /** 0..1 */
  bestTestError?: number;
  lastTestError?: number;
  /** Training steps made, of so many. */
  step: number;
  totalSteps?: number;
  /** In training. */
  seconds: number;
}

export interface SweepInfo {
  readonly format: 1;
  readonly name: string;
  readonly started: string;
  readonly space: Space;
  /** Where it looks since it was narrowed; as many settings as in the space. */
  narrowed?: Space;
  /** What all trials share. */
  readonly settings: HyperparametersInput;
  readonly method: 'random' | 'grid' | 'tpe';
  readonly seed: number;
  readonly earlyStopping: EarlyStopping;
  readonly graceTests: number;
  /** Of Hyperband; 1 if left out. */
  readonly brackets?: number;
  readonly processes: number;
  /** A sweep is continued with the same data. One from before has the SHA-256 of all labels alone. */
  readonly dataDigest: DataDigest | string;
  trials: SweepTrial[];
}

const fileName = 'sweep.json';

export function writeSweep(folder: string, info: SweepInfo): void {
  writeCheckedJson(join(folder, fileName), info);
}

/** The folder of a sweep, given as a path or as its name alone. @throws UserError if there is none */
export function sweepFolder(folder: string): string {
  const places = [projectPath(folder), projectPath(join('runs', folder))];
  const found = places.find(place => existsSync(join(place, fileName)));
  if (found === undefined) {
    const runs = projectPath('runs');
    const sweeps = foldersIn(runs).filter(name => existsSync(join(runs, name, fileName)));
    const suggestion = didYouMean(basename(folder), sweeps);
    throw new UserError(
      `Expected a sweep's folder, found no ${fileName} in ${places[0]}: look into ${runs}${suggestion}`,
    );
  }
  return found;
}

/** @throws UserError if the file is damaged or of a later version */
export function readSweepInfo(folder: string): SweepInfo {
  const path = join(folder, fileName);
  let info: SweepInfo;
  try {
    const value = readUnchecked(path);
    if (isLater(value)) {
      throw new UserError(
        `Expected a sweep of format 1 in ${path}, found format ${value.format}: read it with the version that wrote it`,
      );
    }
    info = parseWith(sweepSchema, value);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `Expected a sweep in ${path}, found ${readingProblem(error)}: start another one. The runs of its trials have ` +
        'folders of their own and can still be read: listRuns()',
    );
  }
  // A process that was killed could not say so.
  if (!lockOwner(folder)) {
    for (const trial of info.trials) if (trial.state === 'running') trial.state = 'interrupted';
  }
  return info;
}

function isLater(value: { format?: unknown }): value is { format: number } {
  return typeof value.format === 'number' && value.format > 1;
}
