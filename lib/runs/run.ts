import { join } from 'node:path';
import { UserError } from '../base/errors';
import {
  describeHistory,
  HistoryRecorder,
  lastStepOf,
  type Change,
  type History,
  type TestPoint,
  type TrainPoint,
} from '../base/history';
import { pathInProject, projectPath } from '../base/project';
import { readable } from '../base/readable';
import { writeCheckedJson } from '../base/files/checked_json';
import type { CheckpointInfo } from './checkpoint';
import { EventFile, scalarsOf, together, type Scalar } from './event_file';
import { cannotWrite } from '../base/files/files';
import { makeRunFolder, runFiles } from './run_folder';
import { lockFolder, type FolderLock } from '../base/files/lock';
import { historyOf, linesUntil, type Point } from './metrics';
import { MetricsFile } from './metrics_file';
import { readRunInfo } from './read_run_info';
import { continuedInfo, newRunInfo, type RunInfo, type RunState } from './run_info';
import { TestPredictionsFile, testsUntil, type NumberedTest } from './test_predictions';

export interface RunOptions {
  /** Becomes part of the folder's name; letters, digits, dots, dashes and underscores. */
  name: string;
  /** Written to hyperparameters.json as they are. */
  hyperparameters: object;
  /** Where the folders of runs stand. Default `runs` in the project. */
  directory?: string;
  /** The runs that it belongs to. Default none. */
  group?: string;
  /** The run that this one goes on from, and its history until there. */
  parent?: RunInfo['parent'];
  history?: History;
  /** What the parent predicted at its tests until there. */
  testPredictions?: readonly NumberedTest[];
}

/** A run whose folder is there already. */
export interface ReopenOptions {
  folder: string;
  /** What was written after the checkpoint from which it goes on is done again. */
  checkpoint: Pick<CheckpointInfo, 'step' | 'metricsBytes' | 'metricsLines'>;
  /** A newer checkpoint is missing or cannot be read: then a copy is kept of metrics that could be. */
  passedOver?: boolean;
}

type Evaluated = Parameters<HistoryRecorder['logTest']>[1] & { predictions?: Uint8Array };

/**
 * The history of a training that is also written to a folder of its own, `runs/<time>-<name>/`:
 *
 * - `run.json`: state, versions, commit; `hyperparameters.json`: its settings;
 * - `metrics.jsonl`: one line for each training step, test and change of settings, written as it goes;
 * - `predictions.json`: what it takes each test image for, at the last test; `test_predictions.json`: at every test;
 * - TensorBoard's event file: train_loss, train_error_rate, learning_rate, gradient_norm and test_error, and what is
 *   measured besides.
 *
 * While it is open no other process can write there.
 */
export class Run extends HistoryRecorder {
  readonly folder: string;
  private info: RunInfo;
  private lock: FolderLock;
  private readonly metrics: MetricsFile;
  private readonly testPredictions: TestPredictionsFile;
  private readonly events: EventFile;
  private open = true;
  /** When it was closed, by `performance.now()`. */
  private closed = 0;

  /** @throws UserError if the folder cannot be made, or another process writes there */
  constructor(options: RunOptions | ReopenOptions) {
    super();
    const existing = 'folder' in options;
    this.folder = existing
      ? options.folder
      : makeRunFolder(projectPath(options.directory ?? 'runs'), options.name);
    this.lock = lockFolder(this.folder);
    try {
      this.metrics = new MetricsFile(this.path('metrics'));
      const path = this.path('testPredictions');
      const earlier = existing
        ? testsUntil(path, options.checkpoint.step, { keepDamaged: true })
        : options.testPredictions;
      this.testPredictions = new TestPredictionsFile(path, earlier);
      if (existing) {
        const { info } = readRunInfo(this.folder, { keepDamaged: true });
        this.info = continuedInfo(info, options.checkpoint.step);
        this.goOn(options);
      } else {
        this.info = newRunInfo(options.name, options);
        writeCheckedJson(this.path('hyperparameters'), options.hyperparameters);
        if (options.history) this.takeOver(options.history);
      }
      this.setState('running');
      this.events = new EventFile(this.folder, existing ? this.lastScalars() : []);
    } catch (error) {
      this.lock();
      throw error instanceof UserError ? error : cannotWrite(this.folder, error);
    }
  }

  get name(): string {
    return this.info.name;
  }

  get state(): RunState {
    return this.info.state;
  }

  override logTrain(epoch: number, result: Parameters<HistoryRecorder['logTrain']>[1]): TrainPoint {
    this.checkOpen();
    const point = super.logTrain(epoch, result);
    this.write(point);
    this.events.flush(together);
    return point;
  }

  override logTest(epoch: number, evaluation: Evaluated): TestPoint {
    this.checkOpen();
    const point = super.logTest(epoch, evaluation);
    this.write(point);
    this.events.flush();
    if (evaluation.predictions) {
      const predictions = Buffer.from(evaluation.predictions).toString('base64');
      writeCheckedJson(this.path('predictions'), { step: point.step, predictions });
      const classes = evaluation.predictions.slice();
      this.testPredictions.add({ test: this.test.length - 1, step: point.step, classes });
    }
    return point;
  }

  override logChange(epoch: number, set: Change['set']): Change {
    this.checkOpen();
    const change = super.logChange(epoch, set);
    this.write(change);
    return change;
  }

  /** How far metrics.jsonl has come, all of it safe on the disk, for a checkpoint. */
  flush(): { metricsBytes: number; metricsLines: number } {
    return { metricsBytes: this.metrics.flush(), metricsLines: this.metrics.lines };
  }

  private setState(state: RunState, reason?: string): void {
    const running = state === 'running';
    const ended = running ? undefined : new Date().toISOString();
    const lines = running ? undefined : this.metrics.lines;
    this.info = { ...this.info, state, reason, ended, lines };
    writeCheckedJson(this.path('info'), this.info);
  }

  /**
   * Finish the files. Calling it again does nothing.
   * @param state what the folder says from now on
   * @param reason of a run that broke off
   */
  close(state: RunState = 'finished', reason?: string): void {
    if (!this.open) return;
    this.open = false;
    this.closed = performance.now();
    try {
      this.setState(state, reason);
    } finally {
      try {
        this.events.close();
      } finally {
        this.metrics.close();
        this.lock();
      }
    }
  }

  /**
   * Go on after `close`; the time between does not count.
   * @throws UserError if another process has the run, or has gone on with it
   */
  reopen(): void {
    if (this.open) return;
    const lock = lockFolder(this.folder);
    try {
      this.metrics.reopen();
    } catch (error) {
      lock();
      throw error;
    }
    this.lock = lock;
    this.open = true;
    this.leaveOut((performance.now() - this.closed) / 1000);
    try {
      this.setState('running');
    } catch (error) {
      this.open = false;
      this.metrics.close();
      lock();
      throw error;
    }
  }

  private path(file: keyof typeof runFiles): string {
    return join(this.folder, runFiles[file]);
  }

  private checkOpen(): void {
    if (!this.open) throw new UserError(`Expected an open run, found ${this.folder} closed: make a new Run`);
  }

  private takeOver(history: History): void {
    this.restore(history);
    const points = [...history.train, ...history.test, ...(history.changes ?? [])];
    this.metrics.append(points.sort((a, b) => a.step - b.step || a.seconds - b.seconds));
  }

  private goOn({ checkpoint, passedOver = false }: ReopenOptions): void {
    const keep = { copy: passedOver, last: checkpoint.metricsLines };
    const lines = this.metrics.cut(each => linesUntil(each, checkpoint), keep);
    this.restore(historyOf(lines), checkpoint.step);
  }

  private lastScalars(): Scalar[] {
    const points = [...this.train.slice(-1), ...this.test.slice(-1)];
    return points.filter(({ step }) => step === lastStepOf(this)).flatMap(scalarsOf);
  }

  private write(point: Point): void {
    scalarsOf(point).forEach(scalar => this.events.add(scalar));
    this.lock.check();
    this.metrics.append([point]);
  }
}

readable(Run.prototype, {
  text: run => `Run ${run.name}, ${run.state}: ${describeHistory(run)}\n  ${pathInProject(run.folder)}`,
});
