import { parseMetrics, type MetricsLine } from '../../runs/metrics';
import { DamagedFile } from '../../base/files/files';
import type { Entry } from './messages';

/** The lines of a run's metrics.jsonl, put together from what several attempts told. */
export class LineRecord {
  private known: MetricsLine[] = [];

  get lines(): readonly MetricsLine[] {
    return this.known;
  }

  /** The number of the last one; 0 before the first. */
  get last(): number {
    return this.known[this.known.length - 1]?.number ?? 0;
  }

  /** An attempt begins after this line: later ones are recorded again. */
  begin({ line }: NonNullable<Entry['begin']>): void {
    this.known = this.known.filter(({ number }) => number <= line);
    if (this.last !== line)
      throw new DamagedFile(`line ${this.last} as the last one before line ${line + 1}`);
  }

  /**
   * @param text whole lines; those that are there already are dropped
   * @returns the new ones
   * @throws DamagedFile for lines that cannot be believed, or if some are missing
   */
  add(text: string): MetricsLine[] {
    // A part of a file always seems to lack its beginning; the numbers tell what is missing.
    const { lines } = parseMetrics(Buffer.from(text));
    const fresh = lines.filter(({ number }) => number > this.last);
    const gap = fresh.findIndex(({ number }, i) => number !== this.last + 1 + i);
    if (gap >= 0) throw new DamagedFile(`line ${fresh[gap].number} after line ${this.last + gap}`);
    this.known.push(...fresh);
    return fresh;
  }
}
