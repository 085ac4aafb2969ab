/** Scanline's public API at a glance. */

// Settings and data
export {
  defaultHyperparameters,
  hyperparameterSettings,
  parseHyperparameters,
  type Hyperparameters,
  type HyperparametersInput,
} from './hyperparameters';
export { DataSet, parseIdx, readDataSets, type Batch, type DataSets, type ReadOptions } from './data';
export { createRandom, randomFromState, shuffle, type Random, type RandomState } from './random';

// The network: cells, what wraps them, what unrolls them
export * from './rnn';
export {
  countParameters,
  createModel,
  createOutputLayer,
  createPooling,
  createSequence,
  type SequenceClassifier,
} from './model';
export type { ImageSize, Sequence } from './sequences';
export { errorRate, softmaxCrossEntropy } from './loss';

// Training and test
export { adam, clipByGlobalNorm, createOptimizer, rmsProp, sgd, type UpdateRule } from './optimizers';
export { createTrainStep, type TrainStep, type TrainStepOptions } from './train_step';
export { rememberWeights } from './remember_weights';
export { disposeModel, evaluate, type Evaluation } from './evaluate';
export { HistoryRecorder, type Change, type History, type TestPoint, type TrainPoint } from './history';

// Runs: train, steer, stop, go on, and what their folders hold
export { createRun, fork, resume, type CreateRunOptions, type ResumeOptions } from './training/create_run';
export { continueTraining, train, type TrainOptions } from './training/train';
export { controls } from './training/controls';
export { watch } from './training/watch';
export { LiveTraining, type LiveOptions } from './training/live_training';
export type { LiveSettings, TrainingRun, TrainingStatus } from './training/training_run';
export type { TrainingData } from './training/trainer';
export { Run, type RunOptions } from './runs/run';
export { readRun, type StoredRun } from './runs/read_run';
export type { RunList, RunOrder } from './runs/list_runs';
export { listRuns, type ListRunsOptions } from './runs/show_runs';
export {
  compareRuns,
  type CompareOptions,
  type PairComparison,
  type RunComparison,
} from './runs/compare_runs';
export { showComparison } from './runs/show_comparison';
export { differingSettings, type SettingDifference } from './runs/differences';
export { cellTable, type CellResult, type CellResults, type TaskResult } from './runs/cell_results';
export { mcnemarTest, pairedDifference, type Difference, type PairedCounts } from './runs/mcnemar';

// Search for good settings
export {
  choice,
  gridOf,
  integer,
  logUniform,
  sampleSpace,
  uniform,
  type Sample,
  type Space,
} from './search/space';
export { resumeSweep, sweep, type ResumeSweepOptions, type SweepOptions } from './search/sweep';
export { readSweep, showSweep, type SweepResult, type TrialResult } from './search/sweep_result';

// A function of tensors as one TensorFlow graph
export { compile, type Compiled, type CompileOptions } from './compile/compile';
export { dropout } from './compile/dropout';
export { randomUniform } from './compile/random_uniform';

// Charts and notebooks
export * from './charts';
export { show, type ShowOptions } from './notebook/show';
export { showCode } from './notebook/show_code';
export { createTable, showTable, type Column, type Table } from './notebook/table';
export { Progress, type ProgressOptions } from './notebook/progress';
export { figureToSvg } from './notebook/picture';

// The rest
export { range } from './range';
export { UserError } from './errors';
export { tf } from './tensorflow';
