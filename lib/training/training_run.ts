import { UserError } from '../base/errors';
import type { Evaluation } from './evaluate';
import { describeHistory, type Change, type TestPoint, type TrainPoint } from '../base/history';
import { parseHyperparameters, type Hyperparameters } from '../model/hyperparameters';
import type { SequenceClassifier } from '../model/model';
import { pathInProject } from '../base/project';
import { readable } from '../base/readable';
import { bestCheckpoint } from '../runs/best_checkpoint';
import type { Checkpoints } from '../runs/checkpoints';
import type { Run } from '../runs/run';
import { goBack, writeCheckpoint } from './at_checkpoint';
import { checkLive, liveSettings, waitUntil, type LiveSettings, type TrainingStatus } from './steerable';
import {
  Observers,
  type Details,
  type ObservedRun,
  type TrainingEvent,
  type TrainingObserver,
} from './observer';
import type { Trainer } from './trainer';

/**
 * A model in training with everything that belongs to it: data, optimizer, settings, curves, and the folder that keeps
 * them. `createRun`, `resume` and `fork` make one; `train` and `continueTraining` train it.
 */
export class TrainingRun implements ObservedRun {
  private now: TrainingStatus = 'stopped';
  private stopRequested = false;
  private unlogged: Record<string, number> = {}; // changed while nothing was trained
  private latest?: Evaluation;
  private returnTo?: string; // the path of a checkpoint to go back to before the next step
  private readonly observers = new Observers();

  /**
   * @param record closed, as it is while nothing is trained
   * @param problems what was damaged of the run that this one goes on from, and what was done about it
   */
  constructor(
    private readonly trainer: Trainer,
    private record: Run,
    private readonly checkpoints: Checkpoints,
    readonly problems: readonly string[] = [],
  ) {}

  get train(): readonly TrainPoint[] {
    return this.record.train;
  }

  get test(): readonly TestPoint[] {
    return this.record.test;
  }

  get changes(): readonly Change[] {
    return this.record.changes;
  }

  get folder(): string {
    return this.record.folder;
  }

  get name(): string {
    return this.record.name;
  }

  get model(): SequenceClassifier {
    return this.trainer.model;
  }

  /** As they are now, changes included. */
  get hyperparameters(): Hyperparameters {
    return this.trainer.hyperparameters;
  }

  get status(): TrainingStatus {
    return this.active && this.stopRequested ? 'stopping' : this.now;
  }

  /** The last test made in this process, with the confusion matrix and each prediction. */
  get evaluation(): Evaluation | undefined {
    return this.latest;
  }

  /** The epoch that it is in, 0 for the first, and the steps made in it. */
  get position(): { readonly epoch: number; readonly step: number } {
    return this.trainer.position;
  }

  /**
   * Change settings, also while training goes on: they act from the next step, the graph stays as it is, and the
   * change is recorded with its step.
   * @throws UserError for a value out of range, or a setting that would need another network: see `fork`
   */
  set(changes: LiveSettings): void {
    checkLive(changes);
    this.change(changes);
  }

  /** After how many epochs training ends, counted from the very beginning. */
  setEpochs(epochs: number): void {
    if (epochs !== this.hyperparameters.epochs) this.change({ epochs });
  }

  /** The values of the settings that may be changed while training goes on. */
  get settings(): Readonly<Required<LiveSettings>> {
    return liveSettings(this.hyperparameters);
  }

  /** The number of the last step made; 0 before the first. */
  get lastStep(): number {
    return this.record.lastStep;
  }

  /** Training steps from the very beginning to the end. */
  get totalSteps(): number {
    return this.record.lastStep + this.trainer.stepsLeft;
  }

  /** Training waits after the step it is in, until `resume` or `stop`. */
  pause(): void {
    if (this.now === 'training') this.setStatus('paused');
  }

  resume(): void {
    if (this.now === 'paused') this.setStatus('training');
  }

  /** Training ends after the step it is in; `continueTraining` goes on from there. */
  stop(): void {
    if (!this.active) return;
    this.stopRequested = true;
    this.observers.tell('status', this);
  }

  get stopping(): boolean {
    return this.stopRequested;
  }

  get active(): boolean {
    return this.now === 'training' || this.now === 'paused';
  }

  /** Tell an observer from now on, in whatever call of `train`. @returns a function that ends that */
  observe(observer: TrainingObserver): () => void {
    return this.observers.add(observer);
  }

  /** Write a checkpoint now, which is never deleted for newer ones. @returns its path */
  saveCheckpoint(): string {
    const { state } = this.record;
    this.record.reopen();
    const path = this.checkpoint({ keep: true });
    if (!this.active) this.record.close(state);
    return path;
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

  /** Free the weights and what the optimizer remembers, and close the files; the folder stays. */
  dispose(): void {
    try {
      if (this.active) this.end('stopped');
      this.record.close('stopped');
    } finally {
      this.trainer.dispose();
    }
  }

  // From here on: what `train` is made of.

  /** @throws UserError if it is being trained already, or another process has the folder */
  begin(): void {
    if (this.active) {
      throw new UserError('Expected a run that nobody trains, found one in training: run.stop() ends that');
    }
    this.record.reopen();
    this.stopRequested = false;
    this.returnTo = undefined;
    if (Object.keys(this.unlogged).length > 0)
      this.record.logChange(this.trainer.position.epoch, this.unlogged);
    this.unlogged = {};
    this.setStatus('training');
  }

  /** The observers of this run, one after the other. */
  tell<Name extends TrainingEvent>(event: Name, ...details: Details<Name>): Promise<void> {
    return this.observers.tellAndWait(event, ...details);
  }

  /** That the next step is made into a graph first, which takes seconds; undefined where it is not. */
  get compiling(): string | undefined {
    return this.trainer.compiling;
  }

  get stepsLeft(): number {
    return this.trainer.stepsLeft;
  }

  get stepsPerEpoch(): number {
    return this.trainer.stepsPerEpoch;
  }

  /** One training step on the next batch, recorded. */
  async step(): Promise<TrainPoint> {
    const { set, ...result } = await this.trainer.step();
    const { epoch } = this.trainer.position;
    if (set) this.record.logChange(epoch, set);
    const point = this.record.logTrain(epoch, result);
    if (set) this.observers.tell('change', set, this);
    return point;
  }

  /** A test on all test images, recorded, and a checkpoint. */
  async evaluate(): Promise<TestPoint> {
    this.latest = await this.trainer.evaluate();
    const point = this.record.logTest(this.trainer.position.epoch, this.latest);
    this.checkpoint();
    return point;
  }

  checkpoint({ keep = false } = {}): string {
    return writeCheckpoint(this.trainer, this.record, this.checkpoints, keep);
  }

  /** Between two steps. @returns whether it went back to a checkpoint */
  goBackIfAsked(): boolean {
    if (this.returnTo === undefined) return false;
    this.record = goBack(this.returnTo, this.trainer, this.record, this.checkpoints);
    this.returnTo = this.latest = undefined;
    this.unlogged = {};
    if (this.active) this.observers.tell('status', this);
    else this.end('stopped');
    return true;
  }

  end(status: 'stopped' | 'finished' | 'broke off', reason?: string): void {
    try {
      this.record.close(status, reason);
    } finally {
      this.setStatus(status);
    }
  }

  /** Returns at once unless it is paused; then when that is over. */
  async whilePaused(): Promise<void> {
    const waiting = () => this.now === 'paused' && !this.stopRequested && this.returnTo === undefined;
    if (!waiting()) return;
    this.observers.tell('status', this); // of the step that was under way when the pause was asked for
    const start = performance.now();
    await waitUntil(this, () => !waiting());
    this.record.leaveOut((performance.now() - start) / 1000);
  }

  private change(changes: Readonly<Record<string, number>>): void {
    this.trainer.setHyperparameters(parseHyperparameters({ ...this.hyperparameters, ...changes }));
    if (this.active) this.record.logChange(this.trainer.position.epoch, changes);
    else Object.assign(this.unlogged, changes);
    this.observers.tell('change', changes, this);
  }

  private setStatus(status: TrainingStatus): void {
    this.now = status;
    this.observers.tell('status', this);
  }
}

readable(TrainingRun.prototype, {
  text: run =>
    `TrainingRun ${run.name}, ${run.status}: ${describeHistory(run, run.totalSteps)}\n` +
    `  ${pathInProject(run.folder)}`,
});
