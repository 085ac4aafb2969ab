import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../errors';
import type { History } from '../history';
import { projectPath } from '../project';
import { checkpointNames } from './checkpoints';
import { runFiles } from './files';
import { lockOwner } from './lock';
import { parseMetrics } from './metrics';
import { currentFormat, type RunInfo } from './run_info';

/** A run as its folder tells it. */
export interface StoredRun extends History {
  readonly folder: string;
  /** The folder's name. */
  readonly id: string;
  readonly info: RunInfo;
  /** As they were given; what was changed later is in `changes`. */
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly changes: NonNullable<History['changes']>;
  /** Lowest and last test error, 0..1. */
  readonly bestTestError?: number;
  readonly lastTestError?: number;
  /** Time in training, in seconds. */
  readonly seconds: number;
  /** The class that the network takes each test image for, and when. */
  readonly predictions?: { readonly step: number; readonly classes: Uint8Array };
  /** File names, newest first. */
  readonly checkpoints: readonly string[];
  /** What is damaged; everything else can be used. */
  readonly problems: readonly string[];
}

/**
 * Read a run, finished or not, also while another process writes it. Damaged parts are named in `problems`.
 * @param folder a relative path counts from the project's root; only a name is looked for in `runs`
 * @throws UserError if it is no run's folder, or one of a later version
 */
export function readRun(folder: string): StoredRun {
  const path = runFolder(folder);
  const problems: string[] = [];
  const info = readInfo(path, problems);
  const hyperparameters = readPart(path, 'hyperparameters', problems, {}, text => JSON.parse(text) as object);
  const { history, problem } = readPart(path, 'metrics', problems, emptyMetrics, (_, bytes) =>
    parseMetrics(bytes),
  );
  // While a process writes, half a line at the end is no damage.
  if (problem && info.state !== 'running')
    problems.push(`${runFiles.metrics}: ${problem}; all lines before it are read`);
  const { train, test, changes = [] } = history;
  const errors = test.map(({ testError }) => testError);
  return {
    folder: path,
    id: basename(path),
    info,
    hyperparameters: hyperparameters,
    train,
    test,
    changes,
    bestTestError: errors.length > 0 ? Math.min(...errors) : undefined,
    lastTestError: errors[errors.length - 1],
    seconds: Math.max(0, ...[train, test].map(points => points[points.length - 1]?.seconds ?? 0)),
    predictions: existsSync(join(path, runFiles.predictions))
      ? readPart(path, 'predictions', problems, undefined, parsePredictions)
      : undefined,
    checkpoints: checkpointNames(path),
    problems,
  };
}

const emptyMetrics = parseMetrics(Buffer.alloc(0));

/** The folder of a run, given as a path or as its name alone. */
export function runFolder(folder: string): string {
  const path = projectPath(folder);
  if (existsSync(path)) return path;
  const inRuns = projectPath(join('runs', folder));
  if (existsSync(inRuns)) return inRuns;
  throw new UserError(`Expected a run's folder, found nothing at ${path}: listRuns() shows those there are`);
}

function readInfo(folder: string, problems: string[]): RunInfo {
  const path = join(folder, runFiles.info);
  let info: RunInfo;
  try {
    info = JSON.parse(readFileSync(path, 'utf8')) as RunInfo;
    const { name, state, started } = info;
    if (![name, state, started].every(value => typeof value === 'string')) throw new Error('no RunInfo');
  } catch (error) {
    if (!existsSync(join(folder, runFiles.metrics))) {
      throw new UserError(
        `Expected a run in ${folder}, found neither ${runFiles.info} nor ${runFiles.metrics}`,
      );
    }
    problems.push(`${runFiles.info}: ${reason(error)}; when it began and ended is not known`);
    const name = basename(folder);
    const versions = { scanline: '?', tensorflow: '?', node: '?' };
    return { format: currentFormat, name, state: stateNow(folder, 'broke off'), started: '', versions };
  }
  if (info.format > currentFormat) {
    throw new UserError(
      `Expected a run of format ${currentFormat} or older in ${folder}, found format ${info.format}, written by ` +
        `Scanline ${info.versions?.scanline}: read it with that version. ${runFiles.metrics} and TensorBoard's files ` +
        'can be read without it',
    );
  }
  return { ...info, state: stateNow(folder, info.state) };
}

/** A process that was killed could not say so. */
function stateNow(folder: string, written: RunInfo['state']): RunInfo['state'] {
  if (lockOwner(folder)) return 'running';
  return written === 'running' ? 'broke off' : written;
}

function readPart<T>(
  folder: string,
  file: keyof typeof runFiles,
  problems: string[],
  otherwise: T,
  parse: (text: string, bytes: Buffer) => T,
): T {
  try {
    const bytes = readFileSync(join(folder, runFiles[file]));
    return parse(bytes.toString('utf8'), bytes);
  } catch (error) {
    problems.push(`${runFiles[file]}: ${reason(error)}`);
    return otherwise;
  }
}

function parsePredictions(text: string): StoredRun['predictions'] {
  const { step, predictions } = JSON.parse(text) as { step: number; predictions: string };
  return { step, classes: new Uint8Array(Buffer.from(predictions, 'base64')) };
}

function reason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'missing' : (code ?? 'damaged');
}
