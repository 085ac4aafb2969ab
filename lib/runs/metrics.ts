/** The lines of `metrics.jsonl`: each a training step, a test, or a change of settings. */
import type { Change, History, TestPoint, TrainPoint } from '../history';

export interface Metrics {
  readonly history: History;
  /** Bytes of the lines that could be read. */
  readonly bytes: number;
  /** What is wrong with the rest, if there is any. */
  readonly problem?: string;
}

export function metricsLine(point: TrainPoint | TestPoint | Change): string {
  return `${JSON.stringify(point)}\n`;
}

/**
 * Read as many whole lines as there are: a process that is killed may leave half a line.
 * @param content of the file, or of its first part
 */
export function parseMetrics(content: Buffer): Metrics {
  const train: TrainPoint[] = [];
  const test: TestPoint[] = [];
  const changes: Change[] = [];
  const history = { train, test, changes };
  let start = 0;
  for (let line = 1; start < content.length; line++) {
    const end = content.indexOf('\n', start);
    if (end < 0) return { history, bytes: start, problem: `line ${line} is cut off` };
    const point = parseLine(content.toString('utf8', start, end));
    if (point === undefined) return { history, bytes: start, problem: `line ${line} cannot be read` };
    if ('loss' in point) train.push(point);
    else if ('testError' in point) test.push(point);
    else changes.push(point);
    start = end + 1;
  }
  return { history, bytes: start };
}

function parseLine(text: string): TrainPoint | TestPoint | Change | undefined {
  try {
    const point = JSON.parse(text) as Partial<TrainPoint & TestPoint & Change> | null;
    const set: unknown = point?.set;
    const known =
      [point?.loss, point?.testError].some(Number.isFinite) || (typeof set === 'object' && set !== null);
    return known && Number.isInteger(point?.step) ? (point as TrainPoint) : undefined;
  } catch {
    return undefined;
  }
}
