/** The checkpoints of a run: the newest and the best stay, and those that the user asked for. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors';
import type { Variables } from '../rnn/cell';
import {
  readCheckpoint,
  readCheckpointInfo,
  writeCheckpoint,
  type Checkpoint,
  type CheckpointInfo,
} from './checkpoint';
import { runFiles } from './files';

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
    for (const name of checkpointNames(runFolder)) {
      try {
        this.infos.set(name, readCheckpointInfo(join(this.folder, name)));
      } catch {
        // Damaged: nothing is deleted for it, and nothing goes on from it.
      }
    }
  }

  /** @returns the path */
  write(info: CheckpointInfo, variables: Variables): string {
    const name = `step-${String(info.step).padStart(6, '0')}.safetensors`;
    const path = join(this.folder, name);
    const keep = info.keep || (this.infos.get(name)?.keep ?? false);
    writeCheckpoint(path, { ...info, keep }, variables);
    this.infos.set(name, { ...info, keep });
    this.prune();
    return path;
  }

  /** Those of steps that will be made again. */
  removeAfter(step: number): void {
    for (const [name, info] of this.infos) if (info.step > step) this.remove(name);
    for (const name of existsSync(this.folder) ? readdirSync(this.folder) : []) {
      if (name.endsWith('.draft')) rmSync(join(this.folder, name), { force: true });
    }
  }

  private prune(): void {
    const byStep = [...this.infos].sort(([, a], [, b]) => b.step - a.step);
    const error = ({ testError = Infinity }: CheckpointInfo) => testError;
    const [best] = [...byStep].sort(([, a], [, b]) => error(a) - error(b));
    for (const [name, info] of byStep.slice(this.keepNewest)) {
      if (name !== best[0] && !info.keep) this.remove(name);
    }
  }

  private remove(name: string): void {
    rmSync(join(this.folder, name), { force: true });
    this.infos.delete(name);
  }
}

/** Newest first. */
export function checkpointNames(runFolder: string): string[] {
  const folder = join(runFolder, runFiles.checkpoints);
  if (!existsSync(folder)) return [];
  const step = (name: string) => Number(/\d+/.exec(name)?.[0]);
  return readdirSync(folder)
    .filter(name => fileName.test(name))
    .sort((a, b) => step(b) - step(a));
}

/**
 * The newest checkpoint that can be read, or the one after a certain step.
 * @throws UserError if there is none, with what is there
 */
export function findCheckpoint(runFolder: string, step?: number): { path: string; checkpoint: Checkpoint } {
  const problems: string[] = [];
  for (const name of checkpointNames(runFolder)) {
    const path = join(runFolder, runFiles.checkpoints, name);
    if (step !== undefined && Number(/\d+/.exec(name)?.[0]) !== step) continue;
    try {
      return { path, checkpoint: readCheckpoint(path) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.message);
    }
  }
  const wanted = step === undefined ? 'a checkpoint' : `a checkpoint of step ${step}`;
  const there = checkpointNames(runFolder).join(', ') || 'none';
  throw new UserError(
    `Expected ${wanted} in ${join(runFolder, runFiles.checkpoints)}, found ${problems.join('; ') || there}. ` +
      'The curves can still be read: readRun(folder)',
  );
}
