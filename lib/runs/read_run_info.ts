/** `run.json` as it is found, damaged or not. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../base/errors';
import { parseObject, parseWith, readUnchecked } from '../base/files/checked_json';
import { decodeText, readingProblem, readRegularFile, setAside } from '../base/files/files';
import { runFiles } from './run_folder';
import { readLock } from '../base/files/lock';
import { currentFormat, newRunInfo, type RunInfo } from './run_info';
import { plainText, runInfoSchema } from './schemas';

/**
 * What a folder says about its run, with the state that it has now.
 * @param options.keepDamaged for who is going to write the file anew: a damaged one is kept under another name
 * @returns what is damaged, too
 * @throws UserError if it is no run's folder, or one of a later version
 */
export function readRunInfo(
  folder: string,
  { keepDamaged = false } = {},
): { info: RunInfo; problems: string[] } {
  const path = join(folder, runFiles.info);
  const { owner, problem } = readLock(folder);
  const lockProblems = problem ? [`${runFiles.lock}: ${problem}; it is taken for nobody's`] : [];
  try {
    const info = parseInfo(folder, path);
    const left = info.state === 'running' ? 'broke off' : info.state; // a process that was killed could not say so
    return { info: { ...info, state: owner ? 'running' : left }, problems: lockProblems };
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (!existsSync(join(folder, runFiles.metrics))) {
      throw new UserError(
        `Expected a run in ${folder}, found neither ${runFiles.info} nor ${runFiles.metrics} that can be read`,
      );
    }
    if (keepDamaged && existsSync(path)) setAside(path);
    const known = `${runFiles.info}: ${readingProblem(error)}; when it began and ended is not known`;
    return {
      info: { ...unknownInfo(folder, keepDamaged), state: owner ? 'running' : 'broke off' },
      problems: [known, ...lockProblems],
    };
  }
}

function parseInfo(folder: string, path: string): RunInfo {
  const { format, versions } = looseInfo(path);
  if (format !== undefined && format > currentFormat) {
    throw new UserError(
      `Expected a run of format ${currentFormat} or older in ${folder}, found format ${format}, written by ` +
        `Scanline ${versions?.scanline ?? '?'}: read it with that version. ${runFiles.metrics} and TensorBoard's files ` +
        'can be read without it',
    );
  }
  return parseWith(runInfoSchema, readUnchecked(path));
}

/** Before its checksum is looked at: a later format may have another one. */
function looseInfo(path: string): z.output<typeof looseSchema> {
  return looseSchema.parse(parseObject(decodeText(readRegularFile(path))));
}

const looseSchema = z.object({
  format: z.number().optional().catch(undefined),
  versions: z.object({ scanline: plainText }).optional().catch(undefined),
});

/** What the folder's name says. @param now whether the time is taken for unknown ones, and today's versions */
function unknownInfo(folder: string, now: boolean): RunInfo {
  const id = basename(folder);
  const [, date, hours, minutes, seconds] = /^(\d{4}-\d\d-\d\d)_(\d\d)-(\d\d)-(\d\d)/.exec(id) ?? [];
  const started = new Date(`${date}T${hours}:${minutes}:${seconds}`);
  const name = id.replace(/[^\w.-]/g, '_');
  const info = now
    ? newRunInfo(name)
    : { ...{ format: currentFormat, name, started: '' }, versions: unknownVersions };
  return {
    ...info,
    state: 'broke off',
    started: Number.isNaN(started.getTime()) ? info.started : started.toISOString(),
  };
}

const unknownVersions = { scanline: '?', tensorflow: '?', node: '?' };
