/** Scanline's public API at a glance. */

// Settings and data
export {
  defaultHyperparameters,
  hyperparameterSettings,
  parseHyperparameters,
  type Hyperparameters,
  type HyperparametersInput,
} from './model/hyperparameters';
export * from './data';
export { createRandom, randomFromState, shuffle, type Random, type RandomState } from './base/random';

// The network: cells, what wraps them, what unrolls them
export * from './rnn';
export {
  countParameters,
  createModel,
  createOutputLayer,
  createPooling,
  createSequence,
  type ModelParts,
  type SequenceClassifier,
} from './model/model';
export type { ImageSize, Sequence } from './model/sequences';
export { augment, augmentExamples } from './model/augmentation/augment';
export type { Augmentation } from './model/augmentation/augmentations';
export { errorRate, smoothLabels, softmaxCrossEntropy, type Measure, type Metrics } from './model/loss';
export type { RunSettings } from './model/run_settings';

// Training and test
export * from './optimizers';
export {
  createTrainStep,
  type StepResult,
  type TrainStep,
  type TrainStepOptions,
} from './training/train_step';
export type { WeightAverage } from './training/recipe/weight_average';
export { rememberWeights } from './training/remember_weights';
export { disposeModel, evaluate, type EvaluateOptions, type Evaluation } from './training/evaluate';
export { HistoryRecorder, type Change, type History, type TestPoint, type TrainPoint } from './base/history';

// Runs: train, steer, stop, go on, and what their folders hold
export { createRun, fork, resume, type CreateRunOptions, type ResumeOptions } from './training/create_run';
export { beginTraining, continueTraining, train, type TrainOptions } from './views/train';
export { verifyRun, type Verification, type VerifyOptions } from './training/verification/verify_run';
export type { TrainingSession } from './training/session';
export type { TrainingObserver } from './training/observer';
export { earlyStopping, type EarlyStoppingOptions, type Monitored } from './training/recipe/early_stopping';
export {
  learningRateFinder,
  type LearningRateFinderOptions,
  type LearningRateRange,
} from './training/recipe/learning_rate_finder';
export { liveCurves } from './views/live_curves';
export { terminalProgress } from './views/terminal_progress';
export { controls } from './views/controls';
export { watch } from './views/watch';
export { slider, type SliderOptions } from './views/slider';
export { exploreReplay, type ExploreReplayOptions } from './views/explore_replay';
export { drawDigit, type DrawDigitOptions } from './views/drawing/draw_digit';
export { LiveTraining, type LiveOptions } from './views/live_training';
export type { LiveSettings, TrainingStatus } from './training/steerable';
export type { TrainingRun } from './training/training_run';
export type { OwnParts } from './training/own_parts';
export type { TrainingData } from './training/trainer';
export { Run, type RunOptions } from './runs/run';
export { readRun, type StoredRun } from './runs/read_run';
export { labelRun } from './runs/groups/label_run';
export type { RunLabels } from './runs/groups/labels';
export type { FindRunsOptions, RunList, RunOrder } from './runs/list_runs';
export { listRuns, type ListRunsOptions } from './views/show_runs';
export { type CompareOptions, type PairComparison, type RunComparison } from './runs/compare_runs';
export { runCurves, type RunCurvesOptions } from './views/run_curves';
export { compareRuns, showComparison } from './views/show_comparison';
export { compareGroups, showGroupComparison } from './views/groups/compare_groups';
export type { CompareGroupsOptions, GroupComparison } from './runs/groups/compare_groups';
export type { GroupPair, SeedGroup } from './runs/groups/seed_group';
export { crossedDifference, type CrossedDifference, type ErrorTable } from './runs/groups/crossed_design';
export { holm } from './runs/groups/seeds_needed';
export { differingSettings, type SettingDifference } from './runs/differences';
export { cellTable, type CellResult, type CellResults, type TaskResult } from './views/cell_results';
export { mcnemarTest, pairedDifference, type Difference, type PairedCounts } from './runs/mcnemar';

// Inside the network: what it does with an image
export { replay, type LayerReplay, type Replay, type Trace } from './inspect/replay';
export {
  attribution,
  type Attribution,
  type AttributionMethod,
  type AttributionOptions,
} from './inspect/attribution/attribution';
export {
  hardest,
  type ConfusedPair,
  type HardImage,
  type Hardest,
  type HardestOptions,
  type Mistake,
} from './inspect/hardest';
export type { Repair } from './inspect/repair';
export { settling, type Settling, type SettlingOptions } from './inspect/settling';
export { biographies, type Biographies, type Biography, type RunBiographies } from './inspect/biographies';
export { units, type Unit, type Units, type UnitsOptions } from './inspect/units';
export { stateSpace, type StateSpace, type StateSpaceOptions } from './inspect/state_space';
export {
  trainedGradientNorms,
  type DirectionNorms,
  type TrainedGradientNormsOptions,
} from './inspect/run_gradients';
export { readTestPredictions, type TestPredictions } from './runs/test_predictions';
export type { Completeness } from './inspect/attribution/integrated_gradients';
export type { PatchSize } from './inspect/attribution/occlusion';
export type { InspectedImage } from './inspect/image';
export type { Inspected } from './inspect/opened';
export { loadModel, type LoadModelOptions, type ModelWeights } from './runs/load_model';

// For other programs
export {
  exportModel,
  type ExportedModel,
  type ExportFormat,
  type ExportOptions,
} from './export/export_model';
export { loadWeights } from './export/load_weights';
export { predict, type Prediction } from './export/predict';

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
export { settingImportances, type SettingImportance } from './search/importance';
export { steerSweep, type SweepSteering } from './search/steering/steer_sweep';
export type { ResumeSweepOptions, SweepOptions } from './search/sweep';
export type { SweepObserver } from './search/sweep_observer';
export type { SweepResult, TrialResult } from './search/sweep_result';
export { readSweep, resumeSweep, showSweep, sweep } from './views/sweep';
export { sweepProgress } from './views/sweep_view';

// A function of tensors as one TensorFlow graph
export { compile, type Compiled, type CompileOptions } from './compile/compile';
export { compileModel } from './compile/models/compile_model';
export type { CompiledGraphModel } from './compile/models/graph_model';
export type { CompiledLayersModel } from './compile/models/layers_model';
export { dropout } from './tfjs/dropout';
export { randomUniform } from './tfjs/random_uniform';

// Charts and notebooks
export * from './charts';
export { show, type ShowOptions } from './display/show';
export { showCode } from './views/show_code';
export { createTable, showTable, type Column, type Table } from './display/table';
export { Progress, type ProgressOptions } from './display/progress';
export { figureToSvg } from './display/picture';

// The rest
export { range } from './base/range';
export { UserError } from './base/errors';
export { tf } from './tfjs/tensorflow';

// Types that the above speak of
export type { StatusLine, StatusLineOptions } from './base/status_line';
export type { FigureLayout } from './charts/figure';
export type { ParallelSpace } from './charts/search/parallel_coordinates';
export type { ParallelDimension } from './charts/parts/parallel_axes';
export type { Matrix } from './charts/parts/matrix';
export type { SaveOptions } from './compile/graph/export_model';
export type { GraphInspection } from './compile/inspection/inspection';
export type { Profile, ProfileEntry } from './compile/inspection/profile';
export type { InputShapes } from './compile/sizes/open_shapes';
export type { DataSetContent } from './data/content';
export type { RecipeOptions, SetRecipe } from './data/recipe';
export type { DataSetState } from './data/data_set';
export type { DataDigest } from './data/digest';
export type { IdxArray } from './data/idx';
export type { Slots, Update } from './optimizers/optimizer_kind';
export type { BlockOptions, FrequencyBlocks } from './rnn/cells/grid/frequency_blocks';
export type { GridOptions } from './rnn/cells/grid/grid_dimensions';
export type { CommonLSTMOptions } from './rnn/cells/lstm_options';
export type { ActivationFunction } from './rnn/layers/activations';
export type { LinearWeights } from './rnn/layers/linear';
export type { CheckpointInfo, ImageKind } from './runs/checkpoint';
export type { DescribedRun } from './runs/differences';
export type { Interval, Variances } from './runs/groups/crossed_design';
export type { ReopenOptions } from './runs/run';
export type { NumberedTest } from './runs/test_predictions';
export type { Environment, RunInfo, RunState } from './runs/run_info';
export type { LiveState } from './runs/steering';
export type { EarlyStopping } from './search/early_stopping';
export type { Choice, Dimension, NumberRange } from './search/space';
export type { SweepInfo, SweepTrial, TrialState } from './search/sweep_file';
export type { Kind } from './settings/kinds';
export type { Setting } from './settings/settings';
export type { Nested } from './tfjs/structure';
export type { Details, ObservedRun, TrainingEvent } from './training/observer';
export type { TryOut } from './training/recipe/without_trace';
export type { Steerable } from './training/steerable';
