import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readRegularFile } from '../../base/files/files';
import { checkpointNames } from '../../runs/checkpoints';
import { runFiles } from '../../runs/run_folder';
import type { TrialOutcome } from '../trial';
import { smallFiles, type Entry } from './messages';
import type { Start } from './stored_folder';
import type { Attempt } from './trial_store';

/** Sends what a run writes into its folder on to Redis: the lines of its metrics as they come, files as they change. */
export class FolderMirror {
  /** Bytes of metrics.jsonl that were sent, or were there already, and the last line of them. */
  private offset: number;
  private lastLine: Buffer;
  private begun = false;
  private readonly sent = new Map<string, string>();
  /** Steps of the whole training. */
  totalSteps = 0;

  /**
   * @param folder of the run, which somebody trains
   * @param start where this attempt goes on; later lines in Redis are recorded again
   */
  constructor(
    private readonly folder: string,
    private readonly attempt: Attempt,
    private readonly start: Start,
  ) {
    this.offset = start.bytes;
    this.lastLine = lastLineOf(this.read(0, start.bytes));
  }

  /** Send what has been written since. @param all also files other than live.json, which change at tests only */
  send({
    all = false,
    tested,
    outcome,
  }: { all?: boolean; tested?: number; outcome?: TrialOutcome } = {}): Promise<void> {
    const beginning = this.begin(this.begun ? undefined : this.start.line);
    const { lines, again } = this.newLines();
    const files = this.changed(all || !this.begun ? smallFiles : ['live.json']);
    const entry: Entry = {
      ...(again ? this.begin(0) : beginning),
      ...(lines === '' ? {} : { lines, totalSteps: this.totalSteps }),
      ...(tested === undefined ? {} : { tested }),
      ...(files.size === 0 ? {} : { files: [...files.keys()] as Entry['files'] }),
    };
    this.begun = true;
    const removed = all ? this.addCheckpoints(entry, files) : [];
    if (outcome) entry.outcome = outcome;
    if (Object.keys(entry).length === 0) return Promise.resolve();
    return this.attempt.write(entry, files, removed);
  }

  private begin(line: number | undefined): Pick<Entry, 'begin'> {
    return line === undefined ? {} : { begin: { line, host: hostname(), time: new Date().toISOString() } };
  }

  /** @returns `again`: the run went back to a checkpoint, and these are all of its lines */
  private newLines(): { lines: string; again: boolean } {
    const from = this.offset - this.lastLine.length;
    let bytes = this.read(from);
    const again = !bytes.subarray(0, this.lastLine.length).equals(this.lastLine);
    if (again) bytes = this.read(0);
    const fresh = again ? bytes : bytes.subarray(this.lastLine.length);
    const whole = fresh.subarray(0, fresh.lastIndexOf('\n') + 1);
    if (whole.length === 0 && !again) return { lines: '', again };
    this.offset = (again ? 0 : this.offset) + whole.length;
    this.lastLine = lastLineOf(whole);
    return { lines: whole.toString(), again };
  }

  private changed(names: readonly string[], folder = this.folder): Map<string, Uint8Array> {
    const files = new Map<string, Uint8Array>();
    for (const name of names) {
      const path = join(folder, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      const signature = stats && `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
      if (signature === undefined || signature === this.sent.get(name)) continue;
      this.sent.set(name, signature);
      files.set(name, readRegularFile(path));
    }
    return files;
  }

  /** @returns the names of those that are gone */
  private addCheckpoints(entry: Entry, files: Map<string, Uint8Array>): string[] {
    const names = checkpointNames(this.folder);
    const fresh = this.changed(names, join(this.folder, runFiles.checkpoints));
    fresh.forEach((bytes, name) => files.set(name, bytes));
    const gone = [...this.sent.keys()].filter(name => name.endsWith('.safetensors') && !names.includes(name));
    for (const name of gone) this.sent.delete(name);
    if (fresh.size + gone.length > 0) entry.checkpoints = names;
    return gone;
  }

  private read(from: number, to?: number): Buffer {
    const path = join(this.folder, runFiles.metrics);
    if (!existsSync(path)) return Buffer.alloc(0);
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(Math.max(0, (to ?? fstatSync(file).size) - from));
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
    } finally {
      closeSync(file);
    }
  }
}

/** With its line feed. */
function lastLineOf(lines: Buffer): Buffer {
  return Buffer.from(lines.subarray(lines.lastIndexOf('\n', -2) + 1));
}
