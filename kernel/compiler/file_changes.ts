/**
 * Which files of the project have changed since the last cell. tslab 1.0.22 lets TypeScript watch every file and
 * folder, node_modules included: thousands of watches, late on some file systems and silent on network drives.
 * Here the project's own files (some dozens) are looked at before each cell instead.
 */
import { statSync } from 'node:fs';
import type { FileWatcher, FileWatcherCallback } from '@tslab/typescript-for-tslab';
import { ts } from './typescript';

const watched = new Map<string, { stamp: string; listeners: Set<FileWatcherCallback> }>();

/** In the place of TypeScript's own `watchFile`. */
export function watchFile(path: string, listener: FileWatcherCallback): FileWatcher {
  if (path.includes('/node_modules/')) return { close: () => {} };
  const entry = watched.get(path) ?? { stamp: stampOf(path), listeners: new Set() };
  watched.set(path, entry);
  entry.listeners.add(listener);
  return {
    // The file stays watched: its module may still be loaded.
    close: () => void entry.listeners.delete(listener),
  };
}

/** Tell TypeScript about every file that was changed, made or deleted, and return their paths. */
export function findChangedFiles(): string[] {
  const changed: string[] = [];
  for (const [path, entry] of [...watched]) {
    const stamp = stampOf(path);
    if (stamp === entry.stamp) continue;
    const kind =
      stamp === missing
        ? ts.FileWatcherEventKind.Deleted
        : entry.stamp === missing
          ? ts.FileWatcherEventKind.Created
          : ts.FileWatcherEventKind.Changed;
    entry.stamp = stamp;
    changed.push(path);
    for (const listener of [...entry.listeners]) listener(path, kind);
  }
  return changed;
}

const missing = 'missing';

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : missing;
}
