/** What is kept of a training: see recorder.ts for that in a folder. */
import { UserError } from '../base/errors';
import { HistoryRecorder, type Change, type TestPoint, type TrainPoint } from '../base/history';
import type { RunState } from '../runs/run_info';
import type { Evaluation } from './evaluate';
import type { StepResult } from './train_step';
import type { Trainer } from './trainer';

export abstract class TrainingRecord {
  abstract readonly name: string;
  /** Undefined for a record that is only in memory. */
  abstract readonly folder?: string;
  abstract readonly history: HistoryRecorder;

  /** @param trainer whose steps are recorded */
  constructor(protected readonly trainer: Trainer) {}

  /** Steps recorded, also where the records of some are lost. */
  get lastStep(): number {
    return this.history.lastStep;
  }

  /** @throws UserError if another process has the folder, or has gone on with the run */
  abstract open(): void;
  abstract close(state: Exclude<RunState, 'running'>, reason?: string): void;

  step(result: StepResult): TrainPoint {
    return this.history.logTrain(this.trainer.position.epoch, result);
  }

  test(evaluation: Evaluation): TestPoint {
    return this.history.logTest(this.trainer.position.epoch, evaluation);
  }

  change(set: Change['set']): void {
    this.history.logChange(this.trainer.position.epoch, set);
  }

  /** Time in which nothing was trained does not count. @param seconds how long that was */
  leaveOut(seconds: number): void {
    this.history.leaveOut(seconds);
  }

  /** Write a checkpoint of the run as it is now, open or closed. @param keep it is not deleted for newer ones */
  abstract checkpoint(options?: { keep?: boolean }): string | undefined;
  /** Stand where the run stood at a checkpoint, with the settings of then. @param path of the checkpoint */
  abstract goBack(path: string): void;
}

/** A record without a folder, for programs that look at a training and keep nothing of it. */
export class MemoryRecord extends TrainingRecord {
  readonly folder = undefined;
  readonly history = new HistoryRecorder();
  private closed?: number = performance.now();

  constructor(
    readonly name: string,
    trainer: Trainer,
  ) {
    super(trainer);
  }

  open(): void {
    if (this.closed !== undefined) this.leaveOut((performance.now() - this.closed) / 1000);
    this.closed = undefined;
  }

  close(): void {
    this.closed ??= performance.now();
  }

  checkpoint({ keep = false } = {}): undefined {
    if (keep) throw noFolder();
  }

  goBack(): void {
    throw noFolder();
  }
}

export const noFolder = () =>
  new UserError(
    'Expected a run with a folder, found one that was made with record: false: it has no checkpoints, and can be ' +
      'neither resumed, forked nor compared',
  );
