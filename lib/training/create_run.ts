/** Three ways to a `TrainingRun`: from nothing, from a folder, from another run. */
import { join } from 'node:path';
import { checkTrainingData } from '../data/check_sets';
import { lastStepOf, type History } from '../base/history';
import type { HyperparametersInput } from '../model/hyperparameters';
import { parseRunSettings, type RunSettings } from '../model/run_settings';
import type { CheckpointInfo } from '../runs/checkpoint';
import { findCheckpoint, type FoundCheckpoint } from '../runs/checkpoints';
import { readRegularFile } from '../base/files/files';
import { checkGroup } from '../runs/groups/labels';
import { runFiles } from '../runs/run_folder';
import { historyOf, linesUntil, parseMetrics } from '../runs/metrics';
import { readRun, runFolder, type StoredRun } from '../runs/read_run';
import { Run } from '../runs/run';
import { testsUntil } from '../runs/test_predictions';

import { withoutManualRate } from './recipe/learning_rate';
import { checkOwnParts } from './own_parts';
import { MemoryRecord } from './record';
import { Recorder } from './recorder';
import { Trainer, type TrainerOptions, type TrainingData } from './trainer';
import { TrainingRun } from './training_run';

export interface ResumeOptions extends TrainerOptions {
  /** Takes the line that says what was damaged of the run that this one goes on from. Default console.log. */
  log?: (line: string) => void;
  /** How many of the newest checkpoints stay, beside the best. Default 2. */
  keepNewest?: number;
}

export interface CreateRunOptions extends ResumeOptions {
  /** Becomes part of the folder's name. Default 'run'. */
  name?: string;
  /** Where the folders of runs stand. Default `runs` in the project. */
  directory?: string;
  /**
   * The runs that it belongs to, such as those with the same settings and other seeds: lists fold them, `runCurves` draws
   * them as one, `compareGroups` compares them with others. 1 to 100 characters. Default none.
   */
  group?: string;
  /** Keep the run in a folder. Default true; one that is only in memory cannot be resumed, forked or compared. */
  record?: boolean;
}

/**
 * A new run: fresh weights, nothing trained yet, and a folder of its own.
 * @param data is not changed: the run has an order of its own, which its seed decides
 * @param settings what is left out has the original program's value. With a model of your own, those of the network
 * only say what it is: they are recorded where given, and nothing is made from them
 * @param options `model`: what is trained, as `logits` and `variables`, from its weights as they are; never disposed of.
 * Runs that share a model take turns: each finds the weights as it left them
 * @throws UserError for settings that are not possible, sets without images, test images that do not fit the training
 * images, or a folder that cannot be made
 *
 * @example
 * const run = createRun(mnist, { learningRate: 0.003 }, { name: 'faster' });
 * await train(run);
 *
 * @example
 * const own = createRun(mnist, { learningRate: 0.003 }, { model, optimizer: rmsProp({ decay: 0.99 }) });
 */
export function createRun(
  data: TrainingData,
  settings: HyperparametersInput = {},
  { name = 'run', directory, group, record = true, ...options }: CreateRunOptions = {},
): TrainingRun {
  checkTrainingData(data);
  const own = checkOwnParts(options, settings);
  const hyperparameters = parseRunSettings(settings, { own, numExamples: data.train.numExamples });
  if (!record) {
    const trainer = new Trainer(hyperparameters, data, options);
    return new TrainingRun(trainer, new MemoryRecord(name, trainer));
  }
  return build(
    hyperparameters,
    data,
    options,
    () => new Run({ name, hyperparameters, directory, group: checkGroup(group) }),
  );
}

/**
 * Go on with a run of another process, as if it had never ended: from its newest checkpoint. What was measured after
 * that checkpoint is measured again.
 * @param folder a path, or the name of a folder in `runs`
 * @param data the same that it was trained with
 * @param options.model of a run that trained a model of the user's own: that model again, made by the same code
 * @throws UserError without a usable checkpoint, for other data, or while another process trains it
 */
export function resume(folder: string, data: TrainingData, options: ResumeOptions = {}): TrainingRun {
  checkTrainingData(data);
  const stored = readRun(folder); // is it a run, and of a format that is known?
  const { folder: path } = stored;
  const found = findCheckpoint(path);
  const { info } = found.checkpoint;
  const problems = [...stored.problems, ...missingCheckpoint(stored, info)];
  const own = checkOwnParts(options, {}, found);
  const hyperparameters = parseRunSettings(info.hyperparameters, { own }); // a setting that came later has its default
  const passedOver = problems.length + found.problems.length > 0;
  const create = () => new Run({ folder: path, checkpoint: info, passedOver });
  return build(hyperparameters, data, options, create, found, problems);
}

/**
 * A second run that goes on from a checkpoint of the first with other settings; its curves begin with those of the
 * first. The first is not changed.
 * @param run a run, or its folder
 * @param changes other settings; those that decide the network's shape must stay
 * @param options `step`: of the checkpoint; default: the newest. `model`: in place of the run's own; default: the same,
 * which both train in turns
 * @throws UserError without such a checkpoint, or if it does not fit
 *
 * @example
 * const gentle = fork(run, mnist, { learningRate: 1e-4 });
 */
export function fork(
  run: TrainingRun | string,
  data: TrainingData,
  changes: HyperparametersInput = {},
  { name, directory, group, step, ...options }: Omit<CreateRunOptions, 'record'> & { step?: number } = {},
): TrainingRun {
  checkTrainingData(data);
  const folder = runFolder(typeof run === 'string' ? run : run.folder);
  const parent = readRun(folder);
  const found = findCheckpoint(folder, step);
  const { hyperparameters: before, step: from } = found.checkpoint.info;
  const parts = typeof run === 'string' ? options : { ...run.given, ...options };
  const own = checkOwnParts(parts, changes, found);
  const { numExamples } = data.train;
  const hyperparameters = parseRunSettings(
    { ...withoutManualRate(before, changes), ...changes },
    { own, numExamples },
  );
  const create = () =>
    new Run({
      name: name ?? `${parent.info.name}-fork`,
      hyperparameters,
      directory: directory ?? join(folder, '..'),
      group: checkGroup(group),
      parent: { folder: parent.id, step: from },
      history: historyUntil(folder, found.checkpoint.info),
      testPredictions: testsUntil(join(folder, runFiles.testPredictions), from),
    });
  return build(hyperparameters, data, parts, create, found, parent.problems);
}

/** What can be read of it. */
function historyUntil(folder: string, checkpoint: CheckpointInfo): History {
  try {
    const { lines } = parseMetrics(readRegularFile(join(folder, runFiles.metrics)));
    return historyOf(linesUntil(lines, checkpoint));
  } catch {
    return { train: [], test: [] }; // the run's problems say it
  }
}

/** The folder comes last: where anything else fails, none is left behind. */
function build(
  hyperparameters: RunSettings,
  data: TrainingData,
  { keepNewest = 2, log = console.log, ...options }: ResumeOptions,
  createRecord: () => Run,
  from?: FoundCheckpoint,
  damage: readonly string[] = [],
): TrainingRun {
  const problems = [...damage, ...(from?.problems ?? [])];
  const trainer = new Trainer(hyperparameters, data, options);
  try {
    if (from) trainer.restore(from.checkpoint, from.path);
    const record = createRecord();
    const recorder = new Recorder(record, trainer, keepNewest);
    if (problems.length > 0) log(describeDamage(record, problems, from));
    return new TrainingRun(trainer, recorder, problems);
  } catch (error) {
    trainer.dispose();
    throw error;
  }
}

/** A run that ended normally has a checkpoint of its end. */
function missingCheckpoint(run: StoredRun, { step }: CheckpointInfo): string[] {
  const [end, ended] = [lastStepOf(run), ['stopped', 'finished'].includes(run.info.state)];
  return ended && step < end ? [`${runFiles.checkpoints}: the one of step ${end} is missing`] : [];
}

function describeDamage({ folder }: Run, problems: readonly string[], from?: FoundCheckpoint): string {
  const found = `not everything in ${folder} could be read: ${problems.join('; ')}`;
  return from ? `${found}. Going on from ${from.path}` : found;
}
