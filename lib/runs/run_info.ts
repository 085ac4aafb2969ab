/** What a run's folder says about the run as a whole, in `run.json`. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { processorName } from '../base/processor';
import { packageFolder, projectRoot } from '../base/project';
import { nodeBackend } from '../tfjs/node_backend';

/** The format of run folders that this version writes. A folder of a later format is not read. */
export const currentFormat = 1;

/** `broke off`: its process ended without saying so, or an error ended it. */
export type RunState = 'running' | 'finished' | 'stopped' | 'broke off';

export interface RunInfo {
  readonly format: number;
  readonly name: string;
  /** The runs that it belongs to, such as those with the same settings and other seeds; `labelRun` can change it. */
  readonly group?: string;
  readonly state: RunState;
  /** Why it broke off. */
  readonly reason?: string;
  /** ISO 8601, in UTC. */
  readonly started: string;
  readonly ended?: string;
  /** The run that it was forked from, and after which step. */
  readonly parent?: { readonly folder: string; readonly step: number };
  readonly versions: { readonly scanline: string; readonly tensorflow: string; readonly node: string };
  /** The git commit of the project, with `-changed` if files differed from it; undefined without git. */
  readonly commit?: string;
  /** That it is trained on; runs from before do not say it. */
  readonly processor?: string;
  /** It went on after this step on another kind of processor: another run of the same settings has other last digits. */
  readonly notBitForBit?: readonly { readonly step: number; readonly from: string; readonly to: string }[];
  /** Lines of metrics.jsonl when it ended; undefined while it runs. */
  readonly lines?: number;
}

/** What decides, beside settings and data, which bits a training step gives. */
export interface Environment {
  readonly scanline: string;
  readonly tensorflow: string;
  readonly node: string;
  /** Its name, and how many threads TensorFlow has: `Xeon Gold 6338 (x64), 8 threads`. */
  readonly processor: string;
}

/** Of this process. */
export function currentEnvironment(): Environment {
  return { ...versions(), processor: `${processorName()}, ${availableParallelism()} threads` };
}

/** For a run that begins now. */
export function newRunInfo(name: string, { parent, group }: Pick<RunInfo, 'parent' | 'group'> = {}): RunInfo {
  const started = new Date().toISOString();
  return {
    format: currentFormat,
    name,
    group,
    state: 'running',
    started,
    parent,
    versions: versions(),
    commit: gitCommit(),
    processor: processorName(),
  };
}

/** For a run that goes on in this process. @param step after which */
export function continuedInfo(info: RunInfo, step: number): RunInfo {
  const { processor: from, notBitForBit = [] } = info;
  const to = processorName();
  if (from === undefined || from === to) return info;
  return { ...info, processor: to, notBitForBit: [...notBitForBit, { step, from, to }] };
}

function versions(): RunInfo['versions'] {
  const project: unknown = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'));
  return {
    scanline: z.object({ version: z.string() }).parse(project).version,
    tensorflow: nodeBackend().binding.TF_Version,
    node: process.versions.node,
  };
}

function gitCommit(): string | undefined {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', projectRoot(), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    return (
      git('rev-parse', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') ? '-changed' : '')
    );
  } catch {
    return undefined;
  }
}
