/** Where a graph lies as a file while TensorFlow loads it: for some milliseconds, in a folder of temporary files. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphFolderError } from '../compile_error';

/** Folders of a process that was killed are cleared by the next one: their names tell the process. */
const prefix = 'scanline-graph-';

/** The system's folder for temporary files, then others that may have space when it has none. */
function places(): string[] {
  const others = ['/dev/shm', '/var/tmp'].filter(place => existsSync(place));
  return [...new Set([tmpdir(), ...others])];
}

/**
 * Write the file into a folder of its own, which is there while `use` runs.
 * @throws GraphFolderError if no place takes the file, with what was found at each
 */
export function withGraphFile<T>(name: string, bytes: Uint8Array, use: (folder: string) => T): T {
  const problems: string[] = [];
  for (const place of places()) {
    let folder: string | undefined;
    try {
      try {
        clear(place);
        folder = mkdtempSync(join(place, `${prefix}${process.pid}-`));
        writeFileSync(join(folder, name), bytes);
      } catch (error) {
        problems.push(`${place}: ${describe(error)}`);
        continue;
      }
      return use(folder);
    } finally {
      if (folder !== undefined) remove(folder);
    }
  }
  throw new GraphFolderError(bytes.length, problems);
}

/** What processes left behind that do not run any more. */
function clear(place: string): void {
  for (const name of readdirSync(place)) {
    const pid = Number(/^scanline-graph-(\d+)-/.exec(name)?.[1]);
    if (pid > 0 && !isRunning(pid)) remove(join(place, name));
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it runs, and is somebody else's
  }
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Somebody else's: it is theirs to clear.
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left',
  EDQUOT: 'the quota is used up',
  EROFS: 'read-only',
  EACCES: 'no permission',
  ENOENT: 'no such folder',
};

function describe(error: unknown): string {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  return reasons[code] ?? code;
}
