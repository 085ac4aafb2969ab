import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors';
import { HistoryRecorder, type TestPoint, type TrainPoint } from '../history';
import { projectPath } from '../project';
import { tf } from '../tensorflow';

export interface RunOptions {
  /** Becomes part of the folder's name; letters, digits, dots, dashes and underscores. */
  name: string;
  /** Written to hyperparameters.json as they are. */
  hyperparameters: object;
  /** Where the folders of runs stand. Default `runs` in the project. */
  directory?: string;
}

/**
 * The history of a training that is also written to a folder of its own, `runs/<time>-<name>/`:
 *
 * - `hyperparameters.json`: its settings;
 * - `metrics.jsonl`: one line for each training step and each test, written as it goes;
 * - TensorBoard's event file: train_loss, train_error_rate and test_error.
 */
export class Run extends HistoryRecorder {
  readonly folder: string;
  private readonly metrics: number;
  private readonly events: ReturnType<typeof tf.node.summaryFileWriter>;
  private open = true;

  /** @throws UserError if the folder cannot be made */
  constructor({ name, hyperparameters, directory = 'runs' }: RunOptions) {
    super();
    if (!/^[\w.-]+$/.test(name)) {
      throw new UserError(
        `Expected a run's name of letters, digits, dots, dashes and underscores, found "${name}"`,
      );
    }
    this.folder = makeFolder(projectPath(directory), name);
    writeFileSync(join(this.folder, 'hyperparameters.json'), `${JSON.stringify(hyperparameters, null, 2)}\n`);
    this.metrics = openSync(join(this.folder, 'metrics.jsonl'), 'a');
    this.events = tf.node.summaryFileWriter(this.folder);
  }

  override logTrain(epoch: number, result: { loss: number; errorRate: number }): TrainPoint {
    const point = super.logTrain(epoch, result);
    this.write(point);
    this.events.scalar('train_loss', point.loss, point.step);
    this.events.scalar('train_error_rate', point.errorRate, point.step);
    return point;
  }

  override logTest(epoch: number, evaluation: { errorRate: number; meanLoss: number }): TestPoint {
    const point = super.logTest(epoch, evaluation);
    this.write(point);
    this.events.scalar('test_error', point.testError, point.step);
    this.events.flush();
    return point;
  }

  /** Finish the files. Calling it again does nothing. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.events.flush();
    closeSync(this.metrics);
  }

  private write(point: TrainPoint | TestPoint): void {
    if (!this.open) throw new UserError(`Expected an open run, found ${this.folder} closed: make a new Run`);
    writeSync(this.metrics, `${JSON.stringify(point)}\n`);
  }
}

/** `2026-11-23_09-35-57-tutorial`; two runs in one second get `-2`, `-3`, … */
function makeFolder(directory: string, name: string): string {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  const time = local.toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-');
  try {
    mkdirSync(directory, { recursive: true });
    for (let count = 1; ; count++) {
      const folder = join(directory, count === 1 ? `${time}-${name}` : `${time}-${name}-${count}`);
      try {
        mkdirSync(folder);
        return folder;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new UserError(
      `Expected to make a run's folder in ${directory}, found ${reason}: check rights and space there`,
    );
  }
}
