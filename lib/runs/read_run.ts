import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { didYouMean } from '../base/did_you_mean';
import { UserError } from '../base/errors';
import { describeHistory, lastStepOf, type History } from '../base/history';
import { projectPath } from '../base/project';
import { readable } from '../base/readable';
import { remedy } from '../base/remedy';
import { textOf } from '../base/text';
import { readCheckedJson } from '../base/files/checked_json';
import { checkpointNames, stepOf } from './checkpoints';
import { readingProblem, readRegularFile } from '../base/files/files';
import { readLabels } from './groups/labels';
import { foldersIn, runFiles } from './run_folder';
import { historyOf, parseMetrics } from './metrics';
import { readRunInfo } from './read_run_info';
import type { RunInfo } from './run_info';
import { predictionsSchema, settingsSchema, testPredictionsSchema } from './schemas';

/** A run as its folder tells it. */
export interface StoredRun extends History {
  readonly folder: string;
  /** The folder's name. */
  readonly id: string;
  readonly info: RunInfo;
  /** Of several runs that belong together: as it was made with, or as `labelRun` said later. */
  readonly group?: string;
  /** What `labelRun` said. */
  readonly tags: readonly string[];
  readonly note?: string;
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
  const { info, problems } = readRunInfo(path);
  const { lines: written, ...rest } = info;
  const hyperparameters = readPart('hyperparameters', problems, {}, () =>
    readCheckedJson(join(path, runFiles.hyperparameters), settingsSchema),
  );
  const metrics = readPart('metrics', problems, emptyMetrics, () =>
    parseMetrics(readRegularFile(join(path, runFiles.metrics))),
  );
  const last = metrics.lines[metrics.lines.length - 1]?.number ?? 0;
  if (written !== undefined && last < written && metrics !== emptyMetrics) {
    problems.push(`${runFiles.metrics}: it ends with line ${last}, and line ${written} was the last one`);
  }
  // While a process writes, half a line at the end is no damage.
  if (metrics.damaged || info.state !== 'running') {
    problems.push(...metrics.problems.map(problem => `${runFiles.metrics}: ${problem}`));
  }
  const history = historyOf(metrics.lines);
  const { train, test } = history;
  const checkpoints = readPart('checkpoints', problems, [], () => checkpointNames(path));
  const saved = checkpoints.length > 0 ? stepOf(checkpoints[0]) : 0;
  if (info.state !== 'running' && saved > lastStepOf(history)) {
    problems.push(
      `${runFiles.metrics}: it ends with step ${lastStepOf(history)}, and ${checkpoints[0]} is there`,
    );
  }
  if (existsSync(join(path, runFiles.testPredictions))) {
    readPart('testPredictions', problems, undefined, () =>
      readCheckedJson(join(path, runFiles.testPredictions), testPredictionsSchema),
    );
  }
  const labels = readPart('labels', problems, {}, () => readLabels(path));
  const errors = test.map(({ testError }) => testError);
  const run: StoredRun = {
    folder: path,
    id: basename(path),
    info: rest,
    group: (labels.group ?? info.group) || undefined,
    tags: labels.tags ?? [],
    note: labels.note || undefined,
    hyperparameters,
    ...history,
    bestTestError: errors.length > 0 ? Math.min(...errors) : undefined,
    lastTestError: errors[errors.length - 1],
    seconds: Math.max(0, ...[train, test].map(points => points[points.length - 1]?.seconds ?? 0)),
    predictions: existsSync(join(path, runFiles.predictions))
      ? readPart('predictions', problems, undefined, () => readPredictions(path))
      : undefined,
    checkpoints,
    problems,
  };
  return readable(run, { text: describeRun });
}

function describeRun(run: StoredRun): string {
  return [
    `Run ${textOf(run.id)}, ${textOf(run.info.state)}: ${describeHistory(run)}`,
    ...run.problems.map(problem => `  damaged: ${textOf(problem)}`),
  ].join('\n');
}

const emptyMetrics = parseMetrics(Buffer.alloc(0));

/** The folder of a run, given as a path or as its name alone. */
export function runFolder(folder: string): string {
  const path = projectPath(folder);
  if (existsSync(path)) return path;
  const inRuns = projectPath(join('runs', folder));
  if (existsSync(inRuns)) return inRuns;
  const there = remedy({
    call: 'listRuns() shows those there are',
    shell: 'npm run runs lists those there are',
    program: `look into ${dirname(path)}`,
  });
  const suggestion = didYouMean(basename(path), [dirname(path), dirname(inRuns)].flatMap(foldersIn));
  throw new UserError(`Expected a run's folder, found nothing at ${path}: ${there}${suggestion}`);
}

function readPart<T>(file: keyof typeof runFiles, problems: string[], otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    problems.push(`${runFiles[file]}: ${readingProblem(error)}`);
    return otherwise;
  }
}

function readPredictions(folder: string): StoredRun['predictions'] {
  const { step, predictions } = readCheckedJson(join(folder, runFiles.predictions), predictionsSchema);
  return { step, classes: new Uint8Array(Buffer.from(predictions, 'base64')) };
}
