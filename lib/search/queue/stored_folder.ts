/** A run's folder out of Redis, for the worker that goes on with it; and into Redis, for a run that was begun here. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFile } from '../../base/files/files';
import { checkpointNames, findCheckpoint, findCheckpointIfAny } from '../../runs/checkpoints';
import { runFiles } from '../../runs/run_folder';
import { CollectedRun, isSmall } from './collected_run';
import { LineRecord } from './line_record';
import { checkpointName, entrySchema, parseMessage, smallFiles, type Entry } from './messages';
import type { Files, TrialStore } from './trial_store';

/** Where an attempt begins in metrics.jsonl. */
export interface Start {
  /** The number of the last line that stays. */
  readonly line: number;
  /** Bytes until after it. */
  readonly bytes: number;
}

/**
 * Make the folder of a trial that was begun elsewhere.
 * @param folder becomes that of the run
 * @returns where it goes on; undefined, and no folder, if there is no checkpoint
 * @throws DamagedFile or UserError for something in Redis that is not what it should be
 */
export async function restoreFolder(store: TrialStore, folder: string): Promise<Start | undefined> {
  const names = (await store.fileNames()).filter(
    name => isSmall(name) || checkpointName.safeParse(name).success,
  );
  if (names.every(isSmall)) return undefined;
  const record = new LineRecord();
  for (const text of await store.entries()) {
    const { begin, lines } = parseMessage(entrySchema, text, 'what a worker told of a trial');
    if (begin) record.begin(begin);
    if (lines !== undefined) record.add(lines);
  }
  mkdirSync(folder, { recursive: true });
  const run = new CollectedRun(folder);
  try {
    run.add(record.lines);
    for (const [name, bytes] of await store.readFiles(names)) run.put(name, bytes);
  } finally {
    run.close();
  }
  const { metricsLines, metricsBytes } = findCheckpoint(folder).checkpoint.info;
  return { line: metricsLines ?? record.last, bytes: metricsBytes };
}

/** What a run in a folder of this machine gives to a worker; undefined if there is no checkpoint to go on from. */
export function seedOf(folder: string | undefined): { entry: Entry; files: Files } | undefined {
  const found = folder === undefined ? undefined : findCheckpointIfAny(folder);
  if (folder === undefined || found === undefined) return undefined;
  const checkpoints = checkpointNames(folder);
  const small = smallFiles.filter(name => existsSync(join(folder, name)));
  const { metricsBytes } = found.checkpoint.info;
  const lines = readRegularFile(join(folder, runFiles.metrics)).subarray(0, metricsBytes).toString();
  const files = new Map<string, Uint8Array>([
    ...small.map(name => [name, readRegularFile(join(folder, name))] as const),
    ...checkpoints.map(name => [name, readRegularFile(join(folder, runFiles.checkpoints, name))] as const),
  ]);
  const begin = { line: 0, host: 'here', time: new Date().toISOString() };
  return { entry: { begin, lines, files: [...small], checkpoints }, files };
}
