/**
 * The lines of `metrics.jsonl`: each a training step, a test, or a change of settings, with its number and a checksum of
 * all before it on the line. So each line is believed or not for itself, and one that is missing is noticed.
 */
import { crc32 } from 'node:zlib';
import type { Change, History, TestPoint, TrainPoint } from '../base/history';
import { parseObject, parseWith } from '../base/files/checked_json';
import { DamagedFile, decodeText } from '../base/files/files';
import { changeSchema, testPointSchema, trainPointSchema } from './schemas';

export type Point = TrainPoint | TestPoint | Change;

export interface MetricsLine {
  /** 1 for the first. */
  readonly number: number;
  readonly point: Point;
  /** Bytes of the file until after the line. */
  readonly end: number;
}

export interface Metrics {
  /** Those that can be believed, in order. */
  readonly lines: readonly MetricsLine[];
  /** Is there anything that can not, half a line at the end aside? */
  readonly damaged: boolean;
  /** What is wrong, in words. */
  readonly problems: readonly string[];
}

/** @param number of the line, 1 for the first */
export function metricsLine(point: Point, number: number): string {
  const text = JSON.stringify({ ...point, line: number }).slice(0, -1);
  return `${text},"crc":"${checksumOf(text)}"}\n`;
}

/**
 * Read all lines that can be believed. Lines from before there were checksums have none; they may stand only at the
 * beginning, as in a run that was resumed by a later version.
 */
export function parseMetrics(content: Buffer): Metrics {
  const lines: MetricsLine[] = [];
  const problems: string[] = [];
  const unreadable: string[] = [];
  let checked = false;
  let steps = 0;
  let index = 1;
  let start = content.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  for (; start < content.length; index++) {
    const feed = content.indexOf('\n', start);
    if (feed < 0) break;
    const before = lines[lines.length - 1]?.number ?? 0;
    try {
      const text = decodeText(content.subarray(start, feed)).replace(/\r$/, '');
      const { number, point } = parseLine(text, checked);
      checked ||= number !== undefined;
      if ((number ?? Infinity) <= before) throw new DamagedFile('damaged: a line that was there before');
      if (isTrainPoint(point)) {
        if (point.step <= steps) throw new DamagedFile('damaged: a step that was there before');
        if (point.step > steps + 1) problems.push(missing('step', steps + 1, point.step - 1));
        steps = point.step;
      }
      lines.push({ number: number ?? index, point, end: feed + 1 });
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      unreadable.push(`line ${index} is ${error.message}`);
    }
    start = feed + 1;
  }
  if (unreadable.length > 0) {
    const more = unreadable.length > 1 ? `, and so are ${unreadable.length - 1} others` : '';
    problems.push(`${unreadable[0]}${more}; ${lines.length} lines can be read`);
  }
  const absent = (lines[lines.length - 1]?.number ?? 0) - lines.length - unreadable.length;
  if (checked && absent > 0)
    problems.push(absent === 1 ? 'a line is missing' : `${absent} lines are missing`);
  const damaged = problems.length > 0;
  if (start < content.length) problems.push(`line ${index} is cut off; all lines before it are read`);
  return { lines, damaged, problems };
}

/** The lines' points by kind. */
export function historyOf(lines: readonly MetricsLine[]): Required<History> {
  const history = { train: [] as TrainPoint[], test: [] as TestPoint[], changes: [] as Change[] };
  for (const { point } of lines) {
    if (isTrainPoint(point)) history.train.push(point);
    else if ('testError' in point) history.test.push(point);
    else history.changes.push(point);
  }
  return history;
}

/**
 * The lines that were written before a checkpoint.
 * @param checkpoint those from before there were numbers know only the bytes
 */
export function linesUntil(
  lines: readonly MetricsLine[],
  checkpoint: { step: number; metricsBytes: number; metricsLines?: number },
): MetricsLine[] {
  const { step, metricsBytes, metricsLines } = checkpoint;
  if (metricsLines !== undefined) return lines.filter(({ number }) => number <= metricsLines);
  const before = lines.filter(({ end }) => end <= metricsBytes);
  const last = before[before.length - 1];
  // Somebody may have changed the line ends: then the bytes are others.
  if (last?.end === metricsBytes && last.point.step === step) return before;
  return lines.filter(({ point }) => point.step <= step);
}

function parseLine(text: string, checked: boolean): { number?: number; point: Point } {
  const [, content, crc] = /^(.*),"crc":"([0-9a-f]{8})"\}$/.exec(text) ?? [];
  if (crc === undefined) {
    if (checked) throw new DamagedFile('damaged: without a checksum');
    return { point: parsePoint(parseObject(text)) };
  }
  if (crc !== checksumOf(content)) throw new DamagedFile('damaged: its checksum is that of another line');
  const { line, ...point } = parseObject(`${content}}`);
  if (!Number.isInteger(line)) throw new DamagedFile('damaged: without a number');
  return { number: line as number, point: parsePoint(point) };
}

function parsePoint(value: Record<string, unknown>): Point {
  if ('loss' in value) return parseWith(trainPointSchema, value);
  if ('testError' in value) return parseWith(testPointSchema, value);
  return parseWith(changeSchema, value);
}

function isTrainPoint(point: Point): point is TrainPoint {
  return 'loss' in point;
}

function checksumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

function missing(what: string, from: number, to: number): string {
  return from === to ? `${what} ${from} is missing` : `${what}s ${from} to ${to} are missing`;
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
