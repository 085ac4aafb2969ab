import { closeSync, openSync, readSync, statSync } from 'node:fs';

const bufferSize = 64 * 1024;

/** Reads the lines that are appended to a file from now on, by this or another process; the file may come later. */
export class AppendedLines {
  private offset: number;

  constructor(private readonly path: string) {
    this.offset = this.size();
  }

  /** Those since the last call, in order; a line that is not written to its end comes later. */
  read(): string[] {
    const size = this.size();
    if (size <= this.offset) return [];
    const bytes = Buffer.alloc(Math.min(size - this.offset, bufferSize));
    const file = openSync(this.path, 'r');
    try {
      readSync(file, bytes, 0, bytes.length, this.offset);
    } finally {
      closeSync(file);
    }
    const end = bytes.lastIndexOf('\n') + 1;
    // No line is that long: what fills the buffer is none of ours.
    this.offset += end === 0 && bytes.length === bufferSize ? bytes.length : end;
    return bytes
      .toString('utf8', 0, end)
      .split('\n')
      .filter(line => line !== '');
  }

  private size(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }
}
