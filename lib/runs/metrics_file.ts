/** `metrics.jsonl`, open for writing at its end. */
import { closeSync, copyFileSync, fstatSync, fsyncSync, ftruncateSync, openSync, statSync } from 'node:fs';
import { UserError } from '../base/errors';
import { remedy } from '../base/remedy';
import { cannotWrite, nameAside, readRegularFile, setAside, writeAll } from '../base/files/files';
import { metricsLine, parseMetrics, type MetricsLine, type Point } from './metrics';

export class MetricsFile {
  private file: number;
  /** Bytes that are surely there, and the lines that could not be written yet because the disk was full. */
  private size = 0;
  private pending = '';
  /** The number of the last line. */
  private last = 0;

  /** @throws UserError if it cannot be opened */
  constructor(private readonly path: string) {
    this.file = this.openAtEnd();
  }

  /** Of the last line; 0 before the first. */
  get lines(): number {
    return this.last;
  }

  /**
   * Go on after an earlier process: what it wrote after the checkpoint is done again. Where something cannot be read, a
   * copy of the whole file is kept under another name.
   * @param keep chooses the lines that stay, a first part of those that are given
   * @param options.last number of the line that was written last before the checkpoint, if that is known
   * @param options.copy whether a copy is kept of all lines that do not stay, also where all can be read
   * @returns the lines that stay
   */
  cut(
    keep: (lines: readonly MetricsLine[]) => MetricsLine[],
    { last, copy }: { last?: number; copy: boolean },
  ): MetricsLine[] {
    const { lines, damaged } = parseMetrics(readRegularFile(this.path));
    const kept = keep(lines);
    const [end] = kept.slice(-1);
    try {
      if (damaged || (copy && kept.length < lines.length)) copyFileSync(this.path, nameAside(this.path));
      ftruncateSync(this.file, end?.end ?? 0);
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
    this.size = end?.end ?? 0;
    this.last = last ?? end?.number ?? 0;
    return kept;
  }

  /** Whole lines only: what does not fit on the disk is taken back, and written with the next line. */
  append(points: readonly Point[]): void {
    for (const point of points) this.pending += metricsLine(point, ++this.last);
    const bytes = Buffer.from(this.pending);
    try {
      if (fstatSync(this.file).nlink === 0) throw Object.assign(new Error(), { code: 'ENOENT' });
      writeAll(this.file, bytes);
      this.size += bytes.length;
      this.pending = '';
    } catch (error) {
      try {
        ftruncateSync(this.file, this.size);
      } catch {
        // The half line is then at the end of the file, where readers expect such a thing.
      }
      throw cannotWrite(this.path, error);
    }
  }

  /** All lines are safe on the disk. @returns the bytes so far, for a checkpoint */
  flush(): number {
    this.append([]);
    try {
      fsyncSync(this.file);
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
    return this.size;
  }

  close(): void {
    closeSync(this.file);
  }

  /** @throws UserError if it is not as it was left */
  reopen(): void {
    let found: string;
    try {
      const { size } = statSync(this.path);
      if (size === this.size) return void (this.file = this.openAtEnd());
      const advice = remedy({
        call: 'resume(folder) takes it up where that one left it',
        shell: 'npm run train -- --resume <folder> takes it up where that one left it',
      });
      found = `${size}: another process has gone on with this run. ${advice}`;
    } catch (error) {
      if (error instanceof UserError) throw error;
      found = `${(error as NodeJS.ErrnoException).code}: put its folder back, or begin another run`;
    }
    throw new UserError(`Expected ${this.path} as it was left, with ${this.size} bytes, found ${found}`);
  }

  private openAtEnd(): number {
    try {
      const there = statSync(this.path, { throwIfNoEntry: false });
      if (there && !there.isFile()) setAside(this.path);
      return openSync(this.path, 'a+');
    } catch (error) {
      throw error instanceof UserError ? error : cannotWrite(this.path, error);
    }
  }
}
