import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors';
import { HistoryRecorder, type Change, type History, type TestPoint, type TrainPoint } from '../history';
import { projectPath } from '../project';
import { tf } from '../tensorflow';
import { cannotWrite, makeRunFolder, runFiles, writeAll, writeJson } from './files';
import { lockFolder } from './lock';
import { metricsLine, parseMetrics } from './metrics';
import { newRunInfo, type RunInfo, type RunState } from './run_info';

export interface RunOptions {
  /** Becomes part of the folder's name; letters, digits, dots, dashes and underscores. */
  name: string;
  /** Written to hyperparameters.json as they are. */
  hyperparameters: object;
  /** Where the folders of runs stand. Default `runs` in the project. */
  directory?: string;
  /** The run that this one goes on from, and its history until there. */
  parent?: RunInfo['parent'];
  history?: History;
}

/** A run whose folder is there already. */
export interface ReopenOptions {
  folder: string;
  /** So much of metrics.jsonl is kept: what was written after the checkpoint from which it goes on is done again. */
  metricsBytes: number;
}

interface Evaluated {
  errorRate: number;
  meanLoss: number;
  predictions?: Uint8Array;
}

/**
 * The history of a training that is also written to a folder of its own, `runs/<time>-<name>/`:
 *
 * - `run.json`: state, versions, commit; `hyperparameters.json`: its settings;
 * - `metrics.jsonl`: one line for each training step, test and change of settings, written as it goes;
 * - `predictions.json`: what it takes each test image for, at the last test;
 * - TensorBoard's event file: train_loss, train_error_rate and test_error.
 *
 * While it is open no other process can write there.
 */
export class Run extends HistoryRecorder {
  readonly folder: string;
  private info: RunInfo;
  private unlock: () => void;
  private metrics: number;
  private readonly events: ReturnType<typeof tf.node.summaryFileWriter>;
  /** Bytes of metrics.jsonl, and the lines that could not be written yet because the disk was full. */
  private size = 0;
  private pending = '';
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
    this.unlock = lockFolder(this.folder);
    try {
      this.metrics = openSync(this.path('metrics'), 'a+');
      if (existing) {
        this.info = JSON.parse(readFileSync(this.path('info'), 'utf8')) as RunInfo;
        ftruncateSync(this.metrics, options.metricsBytes);
        this.size = options.metricsBytes;
        this.restore(parseMetrics(readFileSync(this.path('metrics'))).history);
      } else {
        this.info = newRunInfo(options.name, options.parent);
        writeJson(this.path('hyperparameters'), options.hyperparameters);
        if (options.history) this.takeOver(options.history);
      }
      this.setState('running');
      this.events = tf.node.summaryFileWriter(this.folder);
    } catch (error) {
      this.unlock();
      throw error instanceof UserError ? error : cannotWrite(this.folder, error);
    }
  }

  get name(): string {
    return this.info.name;
  }

  get state(): RunState {
    return this.info.state;
  }

  override logTrain(epoch: number, result: { loss: number; errorRate: number }): TrainPoint {
    this.checkOpen();
    const point = super.logTrain(epoch, result);
    this.events.scalar('train_loss', point.loss, point.step);
    this.events.scalar('train_error_rate', point.errorRate, point.step);
    this.write(metricsLine(point));
    return point;
  }

  override logTest(epoch: number, evaluation: Evaluated): TestPoint {
    this.checkOpen();
    const point = super.logTest(epoch, evaluation);
    this.events.scalar('test_error', point.testError, point.step);
    this.events.flush();
    this.write(metricsLine(point));
    if (evaluation.predictions) {
      const predictions = Buffer.from(evaluation.predictions).toString('base64');
      writeJson(this.path('predictions'), { step: point.step, predictions });
    }
    return point;
  }

  override logChange(epoch: number, set: Change['set']): Change {
    this.checkOpen();
    const change = super.logChange(epoch, set);
    this.write(metricsLine(change));
    return change;
  }

  /** Bytes of metrics.jsonl so far, safe on the disk, for a checkpoint. */
  flush(): number {
    this.write('');
    fsyncSync(this.metrics);
    return this.size;
  }

  private setState(state: RunState, reason?: string): void {
    const ended = state === 'running' ? undefined : new Date().toISOString();
    this.info = { ...this.info, state, reason, ended };
    writeJson(this.path('info'), this.info);
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
      this.events.flush();
    } finally {
      closeSync(this.metrics);
      this.unlock();
    }
  }

  /**
   * Go on after `close`; the time between does not count.
   * @throws UserError if another process has the run, or has gone on with it
   */
  reopen(): void {
    if (this.open) return;
    const unlock = lockFolder(this.folder);
    const { size } = statSync(this.path('metrics'));
    if (size !== this.size) {
      unlock();
      throw new UserError(
        `Expected ${this.path('metrics')} as it was left, with ${this.size} bytes, found ${size}: another process ` +
          'has gone on with this run. resume(folder) takes it up where that one left it',
      );
    }
    this.unlock = unlock;
    this.metrics = openSync(this.path('metrics'), 'a+');
    this.open = true;
    this.leaveOut((performance.now() - this.closed) / 1000);
    this.setState('running');
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
    this.write(
      points
        .sort((a, b) => a.step - b.step || a.seconds - b.seconds)
        .map(metricsLine)
        .join(''),
    );
  }

  /** Whole lines only: what does not fit on the disk is taken back, and written with the next line. */
  private write(line: string): void {
    this.pending += line;
    const bytes = Buffer.from(this.pending);
    try {
      writeAll(this.metrics, bytes);
      this.size += bytes.length;
      this.pending = '';
    } catch (error) {
      try {
        ftruncateSync(this.metrics, this.size);
      } catch {
        // The half line is then at the end of the file, where readers expect such a thing.
      }
      throw cannotWrite(this.path('metrics'), error);
    }
  }
}
