/** What a person says of a run, at any time: the group that it belongs to, tags, and a note. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { UserError } from '../../base/errors';
import { readCheckedJson, writeCheckedJson } from '../../base/files/checked_json';
import { DamagedFile, setAside } from '../../base/files/files';
import { runFiles } from '../run_folder';
import { groupName, labelsSchema } from '../schemas';

/** What `labelRun` takes; what is left out stays as it is. */
export interface RunLabels {
  /** 1 to 100 characters; an empty text takes the run out of its group. */
  readonly group?: string;
  /** In place of those that were there; each 1 to 50 characters, without spaces and commas. */
  readonly tags?: readonly string[];
  /** One line of at most 2000 characters; an empty text takes it away. */
  readonly note?: string;
}

/** None for a run that nobody has labelled. @throws DamagedFile */
export function readLabels(folder: string): z.output<typeof labelsSchema> {
  const path = join(folder, runFiles.labels);
  return existsSync(path) ? readCheckedJson(path, labelsSchema) : {};
}

/**
 * In a file of its own: `run.json` belongs to the process that trains. Written whole or not at all; of two that are given
 * at the same moment the later one counts. A damaged file is kept under another name.
 * @param folder of a run
 * @throws UserError for a label that is not possible, or when it cannot be written
 */
export function writeLabels(folder: string, labels: RunLabels): void {
  const path = join(folder, runFiles.labels);
  const { data, error } = labelsSchema.safeParse({ ...usable(folder), ...withoutUndefined(labels) });
  if (!data) {
    const [{ path: where, message }] = error.issues;
    throw new UserError(`Expected labels of a run, found ${where.map(String).join('.')}: ${message}`);
  }
  if (data.tags) data.tags = [...new Set(data.tags)];
  writeCheckedJson(path, data);
}

function usable(folder: string): RunLabels {
  try {
    return readLabels(folder);
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    setAside(join(folder, runFiles.labels));
    return {};
  }
}

function withoutUndefined(labels: RunLabels): RunLabels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== undefined));
}

/** @throws UserError for a name that cannot be a group's */
export function checkGroup(group: string | undefined): string | undefined {
  if (group === undefined || groupName.safeParse(group).success) return group;
  throw new UserError(
    `Expected a group's name of 1 to 100 characters without spaces around them, found ${JSON.stringify(group)}`,
  );
}
