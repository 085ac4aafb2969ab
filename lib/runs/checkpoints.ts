/** The checkpoints of a run: the newest and the best stay, and those that the user asked for. */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../base/errors';
import { remedy } from '../base/remedy';
import type { Variables } from '../rnn/cell';
import { readCheckpoint, writeCheckpoint, type Checkpoint, type CheckpointInfo } from './checkpoint';
import { cannotWrite, removeIfPossible, setAside } from '../base/files/files';
import { runFiles } from './run_folder';

const fileName = /^step-\d+\.safetensors$/;

export class Checkpoints {
  private readonly folder: string;
  private readonly infos = new Map<string, CheckpointInfo>();

  /**
   * @param runFolder of the run
   * @param keepNewest how many stay beside the best
   */
  constructor(
    runFolder: string,
    private readonly keepNewest: number,
  ) {
    this.folder = join(runFolder, runFiles.checkpoints);
    for (const name of namesIn(runFolder, [])) {
      try {
        this.infos.set(name, readWhole(join(this.folder, name)).info);
      } catch {
        // Damaged: nothing is deleted for it, and nothing goes on from it.
      }
    }
  }

  /** @returns the path */
  write(info: CheckpointInfo, variables: Variables): string {
    const name = `step-${String(info.step).padStart(6, '0')}.safetensors`;
    const path = join(this.folder, name);
    this.makeRoom(path);
    const keep = info.keep || (this.infos.get(name)?.keep ?? false);
    writeCheckpoint(path, { ...info, keep }, variables);
    this.infos.set(name, { ...info, keep });
    this.prune();
    return path;
  }

  /** Those of steps that will be made again go; damaged ones are kept under another name. */
  removeAfter(step: number): void {
    for (const [name, info] of this.infos) if (info.step > step) this.remove(name);
    if (!statSync(this.folder, { throwIfNoEntry: false })?.isDirectory()) return;
    for (const name of readdirSync(this.folder)) {
      const path = join(this.folder, name);
      if (name.endsWith('.draft')) removeIfPossible(path);
      else if (fileName.test(name) && stepOf(name) > step) setAside(path);
    }
  }

  /** The folder itself, and a name for the file: whatever has taken either of them is kept under another one. */
  private makeRoom(path: string): void {
    try {
      const folder = statSync(this.folder, { throwIfNoEntry: false });
      if (folder && !folder.isDirectory()) setAside(this.folder);
      if (!folder?.isDirectory()) mkdirSync(this.folder);
      if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) setAside(path);
    } catch (error) {
      throw error instanceof UserError ? error : cannotWrite(path, error);
    }
  }

  private prune(): void {
    const byStep = [...this.infos].sort(([, a], [, b]) => b.step - a.step);
    const bestBy = (error: (info: CheckpointInfo) => number) =>
      [...byStep].sort(([, a], [, b]) => error(a) - error(b))[0][0];
    const best = [
      bestBy(({ testError = Infinity }) => testError),
      ...(byStep.some(([, info]) => info.averageTestError !== undefined)
        ? [bestBy(({ averageTestError = Infinity }) => averageTestError)]
        : []),
    ];
    for (const [name, info] of byStep.slice(this.keepNewest)) {
      if (!best.includes(name) && !info.keep) this.remove(name);
    }
  }

  private remove(name: string): void {
    removeIfPossible(join(this.folder, name));
    this.infos.delete(name);
  }
}

/** Newest first. @throws the system's error if it is no folder */
export function checkpointNames(runFolder: string): string[] {
  const folder = join(runFolder, runFiles.checkpoints);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(name => fileName.test(name))
    .sort((a, b) => stepOf(b) - stepOf(a));
}

/** The step that a checkpoint's name tells. */
export function stepOf(name: string): number {
  return Number(/\d+/.exec(name)?.[0]);
}

export interface FoundCheckpoint {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /** Why newer ones were passed over. */
  readonly problems: readonly string[];
}

/**
 * The newest checkpoint that can be read, or the one after a certain step.
 * @throws UserError if there is none, with what is there
 */
export function findCheckpoint(runFolder: string, step?: number): FoundCheckpoint {
  const folder = join(runFolder, runFiles.checkpoints);
  const problems: string[] = [];
  const names = namesIn(runFolder, problems);
  for (const name of names) {
    const path = join(folder, name);
    if (step !== undefined && stepOf(name) !== step) continue;
    try {
      return { path, checkpoint: readWhole(path), problems };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.message);
    }
  }
  const wanted = step === undefined ? 'a checkpoint' : `a checkpoint of step ${step}`;
  throw new UserError(
    `Expected ${wanted} in ${folder}, found ${problems.join('; ') || names.join(', ') || 'none'}. ` +
      `The curves can still be read: ${remedy({ call: 'readRun(folder)', shell: 'npm run tensorboard' })}`,
  );
}

/** The newest that can be read; undefined without one. */
export function findCheckpointIfAny(runFolder: string): FoundCheckpoint | undefined {
  try {
    return findCheckpoint(runFolder);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function namesIn(runFolder: string, problems: string[]): string[] {
  try {
    return checkpointNames(runFolder);
  } catch (error) {
    problems.push(String((error as NodeJS.ErrnoException).code));
    return [];
  }
}

/** A checkpoint of the step that its name tells. */
function readWhole(path: string): Checkpoint {
  const checkpoint = readCheckpoint(path);
  const [{ step }, told] = [checkpoint.info, stepOf(basename(path))];
  if (step === told) return checkpoint;
  throw new UserError(`Expected the checkpoint of step ${told} in ${path}, found that of step ${step}`);
}
