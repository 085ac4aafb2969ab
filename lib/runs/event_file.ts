/**
 * TensorBoard's event file: a sequence of records, each an `Event` of TensorFlow's event.proto. TensorFlow's own writer
 * is not used because tfjs-node never closes its file, and cannot tell TensorBoard which steps are made again.
 */
import { closeSync, openSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { cannotWrite, writeAll } from '../base/files/files';

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
    const version = event(0, Date.now(), bytesField(3, Buffer.from('brain.Event:2'))); // Event.file_version
    if (times.length === 0) return [version];
    // Event.session_log: SessionLog.status = START: what was read from this step on does not count.
    return [version, event(step, Date.now(), bytesField(7, integerField(1, 1)))];
  }
}

/** Event.summary = 5: Summary.value = 1: tag = 1, simple_value = 2 */
function summaryOf({ name, value }: Scalar): Uint8Array {
  return bytesField(5, bytesField(1, concat(bytesField(1, Buffer.from(name)), floatField(2, value))));
}

/** Event.wall_time = 1, in seconds since 1970; Event.step = 2. */
function event(step: number, milliseconds: number, content: Uint8Array): Uint8Array {
  const time = Buffer.alloc(9);
  time[0] = (1 << 3) | 1;
  time.writeDoubleLE(milliseconds / 1000, 1);
  return concat(time, integerField(2, step), content);
}

/** TFRecord: the length, its checksum, the bytes, their checksum. */
function record(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return concat(length, maskedChecksum(length), bytes, maskedChecksum(bytes));
}

// Fields of Protocol Buffers: number and wire type, then the value.

function integerField(number: number, value: number): Uint8Array {
  return concat(Uint8Array.of(number << 3), varint(value));
}

function floatField(number: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(5);
  bytes[0] = (number << 3) | 5;
  bytes.writeFloatLE(value, 1);
  return bytes;
}

function bytesField(number: number, value: Uint8Array): Uint8Array {
  return concat(Uint8Array.of((number << 3) | 2), varint(value.length), value);
}

/** Seven bits a byte, the lowest first; all but the last byte have the highest bit set. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** CRC-32C, rotated and moved by a constant as TFRecord asks for. */
function maskedChecksum(bytes: Uint8Array): Uint8Array {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 255];
  crc = ~crc >>> 0;
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return masked;
}

/** Of the polynomial 0x1EDC6F41, its bits reversed. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});
