import { describeHistory } from '../base/history';
import { pathInProject } from '../base/project';
import { readable } from '../base/readable';
import type { SequenceClassifier } from '../model/model';
import { parseRunSettings, type RunSettings } from '../model/run_settings';
import { bestCheckpoint } from '../runs/best_checkpoint';
import type { Evaluation } from './evaluate';
import { isScheduled } from './recipe/learning_rate';
import type { ObservedRun, TrainingObserver } from './observer';
import type { OwnParts } from './own_parts';
import { noFolder, type TrainingRecord } from './record';
import { checkLive, type LiveSettings, type TrainingStatus } from './steerable';
import { TrainingCore } from './training_core';
import type { Trainer, TrainingData } from './trainer';

/**
 * A model in training with everything that belongs to it: data, optimizer, settings, curves, and the folder that keeps
 * them. `createRun`, `resume` and `fork` make one; `train` and `continueTraining` train it, and so does a loop of the
 * user's own with `beginTraining`.
 */
export class TrainingRun extends TrainingCore implements ObservedRun {
  protected readonly observed = this;

  /** @param problems what was damaged of the run that this one goes on from, and what was done about it */
  constructor(
    trainer: Trainer,
    recorder: TrainingRecord,
    readonly problems: readonly string[] = [],
  ) {
    super(trainer, recorder);
  }

  /** @throws UserError for a run that has none: see `recorded` */
  get folder(): string {
    const { folder } = this.recorder;
    if (folder === undefined) throw noFolder();
    return folder;
  }

  /** Whether it is kept in a folder. */
  get recorded(): boolean {
    return this.recorder.folder !== undefined;
  }

  get name(): string {
    return this.recorder.name;
  }

  get model(): SequenceClassifier {
    return this.trainer.model;
  }

  /**
   * The network with the exponential moving average of the weights, for `evaluate`, `predict` and `exportModel`;
   * undefined without the setting `averageDecay`.
   */
  get averagedModel(): SequenceClassifier | undefined {
    return this.trainer.averagedModel;
  }

  /** What the user made of it, for a fork. */
  get given(): OwnParts {
    return this.trainer.given;
  }

  /** The training data have an order of their own, which the run's seed decides. */
  get data(): TrainingData {
    return this.trainer.data;
  }

  get status(): TrainingStatus {
    return this.active && this.stopRequested ? 'stopping' : this.now;
  }

  /** The last test made in this process, with the confusion matrix and each prediction. */
  get evaluation(): Evaluation | undefined {
    return this.latest;
  }

  /** The values of the settings that may be changed during training. */
  get settings(): Readonly<LiveSettings> {
    return this.trainer.settings;
  }

  /**
   * Change settings, also while training goes on: they act from the next step, the graph stays as it is, and the
   * change is recorded with its step. A `learningRate` takes the place of the schedule's, where there is a schedule or a
   * warm-up, until `{ manualLearningRate: 0 }` goes back to it.
   * @throws UserError for a value out of range, or a setting that would need another network: see `fork`
   */
  set(changes: LiveSettings): void {
    checkLive(changes, Object.keys(this.settings));
    const { learningRate, ...others } = changes;
    if (learningRate === undefined || !isScheduled(this.hyperparameters)) return this.change(changes);
    this.parse({ learningRate }); // of which 0 is no value
    this.change({ manualLearningRate: learningRate, ...others });
  }

  /** After how many epochs training ends, counted from the very beginning. */
  setEpochs(epochs: number): void {
    if (epochs !== this.hyperparameters.epochs) this.change({ epochs });
  }

  /** Training steps from the very beginning to the end. */
  get totalSteps(): number {
    return this.lastStep + this.stepsLeft;
  }

  /** Training waits after the step it is in, until `unpause` or `stop`. */
  pause(): void {
    if (this.now === 'training') this.setStatus('paused');
  }

  unpause(): void {
    if (this.now === 'paused') this.setStatus('training');
  }

  /** Training ends after the step it is in; `continueTraining` goes on from there. */
  stop(): void {
    if (!this.active) return;
    this.stopRequested = true;
    this.observers.tell('status', this);
  }

  /** Tell an observer from now on, whoever trains the run. @returns a function that ends that */
  observe(observer: TrainingObserver): () => void {
    return this.observers.add(observer);
  }

  /** Write a checkpoint now, which is never deleted for newer ones. @returns its path */
  saveCheckpoint(): string {
    return this.recorder.checkpoint({ keep: true })!;
  }

  /**
   * Go back to the checkpoint with the lowest test error and the settings of then, before the next step: later steps
   * leave the curves, later checkpoints are deleted (`fork` keeps both). @returns the checkpoint's step
   * @throws UserError if no checkpoint was tested, or another process has the folder
   */
  backToBest(): number {
    const { path, step } = bestCheckpoint(this.folder);
    this.returnTo = path;
    if (this.active) this.observers.tell('status', this);
    else this.goBackIfAsked();
    return step;
  }

  /** Free the weights, unless the user made them, and what the optimizer remembers; the folder stays. */
  dispose(): void {
    try {
      if (this.active) this.end('stopped');
      this.recorder.close('stopped');
    } finally {
      this.trainer.dispose();
    }
  }

  private parse(changes: Readonly<Record<string, number>>): RunSettings {
    return parseRunSettings({ ...this.hyperparameters, ...changes }, { own: this.trainer.own });
  }

  private change(changes: Readonly<Record<string, number>>): void {
    this.trainer.setHyperparameters(this.parse(changes));
    if (this.active) this.recorder.change(changes);
    else Object.assign(this.unrecorded, changes);
    this.observers.tell('change', changes, this);
  }
}

readable(TrainingRun.prototype, {
  text: run =>
    `TrainingRun ${run.name}, ${run.status}: ${describeHistory(run.history, run.totalSteps)}\n` +
    `  ${run.recorded ? pathInProject(run.folder) : 'in memory only'}`,
});
