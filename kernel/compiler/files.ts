/**
 * The files that cells and their compiler read: those on disk, and some that exist in memory only (the cells so far,
 * `@module` cells). A file on disk is stamped when it is first looked at, so that a later change is noticed; stamps
 * work on network drives, where watching folders does not.
 */
import { readFileSync, statSync } from 'node:fs';

interface MemoryFile {
  text: string;
  version: number;
}

const inMemory = new Map<string, MemoryFile>();
const stamps = new Map<string, string>();

/** Give a file in memory its text; `undefined` removes it. */
export function setMemoryFile(path: string, text: string | undefined): void {
  const before = inMemory.get(path);
  if (text === undefined) inMemory.delete(path);
  else if (before?.text !== text) inMemory.set(path, { text, version: (before?.version ?? 0) + 1 });
}

export function memoryFile(path: string): string | undefined {
  return inMemory.get(path)?.text;
}

export function readText(path: string): string | undefined {
  try {
    return memoryFile(path) ?? readFileSync(path, 'utf8');
  } catch {
    return undefined; // not there, or a folder
  }
}

/** Changes whenever the text does. Installed packages count as constant: there are thousands of files in them. */
export function versionOf(path: string): string {
  const file = inMemory.get(path);
  if (file) return `memory ${file.version}`;
  if (path.includes('/node_modules/')) return 'installed';
  const known = stamps.get(path) ?? stampOf(path);
  stamps.set(path, known);
  return known;
}

/** The files that were changed, created or deleted since they were first looked at, or since the last call. */
export function findChangedFiles(): string[] {
  const changed = [...stamps].filter(([path, stamp]) => stampOf(path) !== stamp).map(([path]) => path);
  for (const path of changed) stamps.set(path, stampOf(path));
  return changed;
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : 'missing';
}
