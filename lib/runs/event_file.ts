/**
 * TensorBoard's event file: a sequence of records, each an `Event` of TensorFlow's event.proto. TensorFlow's own writer
 * is not used because tfjs-node never closes its file, and cannot tell TensorBoard which steps are made again.
 */
import { closeSync, openSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { cannotWrite, writeAll } from '../base/files/files';
import {
  bytesField,
  concat,
  event,
  fileVersion,
  floatField,
  integerField,
  record,
} from '../tfjs/event_records';
import type { Point } from './metrics';

export interface Scalar {
  readonly name: string;
  readonly value: number;
  readonly step: number;
}

/** Values that are written together. */
export const together = 32;

export class EventFile {
  private path?: string;
  private file?: number;
  private added = false;
  /** Not written yet, each with its time in milliseconds since 1970. */
  private waiting: (Scalar & { time: number })[];

  /**
   * Nothing is written before the first value.
   * @param folder of the run
   * @param again of a run that goes on: the values of its last step. An earlier process may have written that step and
   * later ones, which are made again; so TensorBoard is told to forget them, and gets these anew
   */
  constructor(
    private readonly folder: string,
    again: readonly Scalar[] = [],
  ) {
    this.waiting = again.map(scalar => ({ ...scalar, time: Date.now() }));
  }

  /** Keeps the value in memory until `flush`. */
  add(scalar: Scalar): void {
    this.added = true;
    this.waiting.push({ ...scalar, time: Date.now() });
  }

  /**
   * @param least write only if so many values wait. Default 1
   * @throws UserError if they cannot be written: then they wait for another file
   */
  flush(least = 1): void {
    if (!this.added || this.waiting.length < least) return;
    const events = this.waiting.map(scalar => event(scalar.step, scalar.time, summaryOf(scalar)));
    try {
      const beginning = this.path === undefined ? this.begin(this.waiting[0].step) : [];
      this.file ??= openSync(this.path!, 'a');
      writeAll(this.file, concat(...[...beginning, ...events].map(record)));
      this.waiting = [];
    } catch (error) {
      const path = this.path ?? this.folder;
      this.closeFile();
      this.path = undefined; // it may end with half a record
      throw cannotWrite(path, error);
    }
  }

  /** What is written later opens the file again. */
  close(): void {
    try {
      this.flush();
    } finally {
      this.closeFile();
    }
  }

  private closeFile(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  /** A file of its own, which by its name TensorBoard reads after those that are there. */
  private begin(step: number): Uint8Array[] {
    const times = readdirSync(this.folder)
      .map(name => Number(/^events\.out\.tfevents\.(\d+)\./.exec(name)?.[1]))
      .filter(Number.isFinite);
    const time = Math.max(Math.floor(Date.now() / 1000), ...times.map(each => each + 1));
    this.path = join(this.folder, `events.out.tfevents.${time}.${hostname()}.${process.pid}.v2`);
    const version = fileVersion();
    if (times.length === 0) return [version];
    // Event.session_log: SessionLog.status = START: what was read from this step on does not count.
    return [version, event(step, Date.now(), bytesField(7, integerField(1, 1)))];
  }
}

/** Event.summary = 5: Summary.value = 1: tag = 1, simple_value = 2 */
function summaryOf({ name, value }: Scalar): Uint8Array {
  return bytesField(5, bytesField(1, concat(bytesField(1, Buffer.from(name)), floatField(2, value))));
}

/** What TensorBoard shows of a point. */
export function scalarsOf(point: Point): Scalar[] {
  const { step } = point;
  if ('set' in point) return [];
  const others = (phase: 'train' | 'test') =>
    Object.entries(point.metrics ?? {}).map(([name, value]) => ({ name: `${phase}_${name}`, value, step }));
  if ('testError' in point) {
    const { testError, averageTestError: averaged } = point;
    return [
      { name: 'test_error', value: testError, step },
      ...(averaged === undefined ? [] : [{ name: 'average_test_error', value: averaged, step }]),
      ...others('test'),
    ];
  }
  return [
    { name: 'train_loss', value: point.loss, step },
    { name: 'train_error_rate', value: point.errorRate, step },
    ...(point.learningRate === undefined ? [] : [{ name: 'learning_rate', value: point.learningRate, step }]),
    ...(point.gradientNorm === undefined ? [] : [{ name: 'gradient_norm', value: point.gradientNorm, step }]),
    ...others('train'),
  ];
}
