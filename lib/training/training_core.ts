import { UserError } from '../base/errors';
import type { History, TestPoint, TrainPoint } from '../base/history';
import type { Batch } from '../data';
import type { RunSettings } from '../model/run_settings';
import type { Evaluation } from './evaluate';
import { Observers, type Details, type ObservedRun, type TrainingEvent } from './observer';
import type { TrainingRecord } from './record';
import { waitUntil, type TrainingStatus } from './steerable';
import type { TryOut } from './recipe/without_trace';
import type { Trainer } from './trainer';

/** Whoever makes the steps. */
export interface Driver {
  /** A loop of the user's own that is not in a step: it may have been left. */
  readonly idle: boolean;
  end(): Promise<void>;
}

/** What `TrainingSession` makes a training of: single steps and tests, their records, and what comes between them. */
export abstract class TrainingCore {
  protected now: TrainingStatus = 'stopped';
  protected stopRequested = false;
  protected unrecorded: Record<string, number> = {}; // changed while nothing was trained
  protected latest?: Evaluation;
  protected returnTo?: string; // the path of a checkpoint to go back to before the next step
  protected readonly observers = new Observers();
  private trainedBy?: Driver;

  constructor(
    protected readonly trainer: Trainer,
    protected readonly recorder: TrainingRecord,
  ) {}

  /** For observers: the run that this is the core of. */
  protected abstract readonly observed: ObservedRun;

  /** Its steps, tests and changes so far: what charts and comparisons take. */
  get history(): Required<History> {
    return this.recorder.history;
  }

  /** As they are now, changes included. */
  get hyperparameters(): RunSettings {
    return this.trainer.hyperparameters;
  }

  /** The epoch that it is in, 0 for the first, and the steps made in it. */
  get position(): { readonly epoch: number; readonly step: number } {
    return this.trainer.position;
  }

  /** The number of the last step made; 0 before the first. */
  get lastStep(): number {
    return this.recorder.lastStep;
  }

  get stepsPerEpoch(): number {
    return this.trainer.stepsPerEpoch;
  }

  get stepsLeft(): number {
    return this.trainer.stepsLeft;
  }

  get active(): boolean {
    return this.now === 'training' || this.now === 'paused';
  }

  get stopping(): boolean {
    return this.stopRequested;
  }

  /** Whoever makes the steps at present. */
  get driver(): Driver | undefined {
    return this.trainedBy;
  }

  /** @throws UserError if it is being trained already, or another process has the folder */
  begin(driver?: Driver): void {
    if (this.active) {
      throw new UserError('Expected a run that nobody trains, found one in training: run.stop() ends that');
    }
    this.recorder.open();
    this.trainedBy = driver;
    this.stopRequested = false;
    this.returnTo = undefined;
    if (Object.keys(this.unrecorded).length > 0) this.recorder.change(this.unrecorded);
    this.unrecorded = {};
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

  /** One training step, recorded. @param batch Default: the next one */
  async step(batch?: Batch): Promise<TrainPoint> {
    const { set, ...result } = await this.trainer.step(batch);
    if (set) this.recorder.change(set);
    const point = this.recorder.step(result);
    if (set) this.observers.tell('change', set, this.observed);
    return point;
  }

  /**
   * Make steps with learning rates of one's own that leave no trace in the run, for `learningRateFinder`.
   * @throws UserError for a run in training
   */
  async tryOut<T>(work: TryOut<T>): Promise<T> {
    if (this.active)
      throw new UserError('Expected a run that nobody trains, found one in training: run.stop() ends that');
    return this.trainer.tryOut(work);
  }

  /** A test on all test images, recorded, and a checkpoint. */
  async evaluate(): Promise<TestPoint> {
    this.latest = await this.trainer.evaluate();
    const point = this.recorder.test(this.latest);
    this.recorder.checkpoint();
    return point;
  }

  checkpoint(): void {
    this.recorder.checkpoint();
  }

  /** Between two steps. @returns whether it went back to a checkpoint */
  goBackIfAsked(): boolean {
    if (this.returnTo === undefined) return false;
    this.recorder.goBack(this.returnTo);
    this.returnTo = this.latest = undefined;
    this.unrecorded = {};
    if (this.active) this.observers.tell('status', this.observed);
    else this.end('stopped');
    return true;
  }

  end(status: 'stopped' | 'finished' | 'broke off', reason?: string): void {
    this.trainedBy = undefined;
    try {
      this.recorder.close(status, reason);
    } finally {
      this.setStatus(status);
    }
  }

  /** Returns at once unless it is paused; then when that is over. */
  async whilePaused(): Promise<void> {
    const waiting = () => this.now === 'paused' && !this.stopRequested && this.returnTo === undefined;
    if (!waiting()) return;
    this.observers.tell('status', this.observed); // of the step that was under way when the pause was asked for
    const start = performance.now();
    await waitUntil(this.observed, () => !waiting());
    this.recorder.leaveOut((performance.now() - start) / 1000);
  }

  protected setStatus(status: TrainingStatus): void {
    this.now = status;
    this.observers.tell('status', this.observed);
  }
}
