/** How processes ask something of each other: each request is a line of JSON at the end of a file. */
import { appendFileSync, closeSync, openSync, readSync, statSync } from 'node:fs';
import type { z } from 'zod';
import { cannotWrite } from './files';

const bufferSize = 64 * 1024;

/** A line at the end of a file is written whole, also while another process writes one. @throws UserError */
export function appendRequest<T>(path: string, schema: z.ZodType<T>, request: T): void {
  try {
    appendFileSync(path, `${JSON.stringify(schema.parse(request))}\n`);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** Reads the requests that are made from now on, by this or another process; the file may come later. */
export class RequestLines<T> {
  private offset: number;

  constructor(
    private readonly path: string,
    private readonly schema: z.ZodType<T>,
  ) {
    this.offset = this.size();
  }

  /** Those since the last call, in order: `undefined` for a line that is none. One that is not written to its end comes later. */
  read(): (T | undefined)[] {
    return this.readLines().map(line => this.parse(line));
  }

  private readLines(): string[] {
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

  private parse(line: string): T | undefined {
    try {
      return this.schema.safeParse(JSON.parse(line)).data;
    } catch {
      return undefined;
    }
  }

  private size(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }
}
