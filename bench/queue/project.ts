/** A small project of its own, as another machine has one: with the data, and processes that run in it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createRandom } from '../../lib/base/random';
import { root } from '../../scripts/child_process';

/** Where each project has its data: two classes, told by the bright half of 4 × 4 pixels. */
export const dataPath = join('data', 'halves.csv');

export function makeProject(folder: string, examples = 300): string {
  mkdirSync(join(folder, 'data'), { recursive: true });
  mkdirSync(join(folder, 'tmp'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const random = createRandom(1);
  const lines = Array.from({ length: examples }, () => {
    const label = random.integer(2);
    const pixel = (i: number) => random.integer(120) + (i % 4 < 2 === (label === 0) ? 110 : 0);
    return [label, ...Array.from({ length: 16 }, (_, i) => pixel(i))].join(',');
  });
  writeFileSync(join(folder, dataPath), `${lines.join('\n')}\n`);
  return folder;
}

/** The same data in another folder. */
export function copyProject(folder: string, to: string): string {
  cpSync(folder, to, { recursive: true });
  return to;
}

/** A TypeScript program of the repository that runs in a project, and can be ended, stopped and started again. */
export class Program {
  private child?: ChildProcess;
  starts = 0;

  constructor(
    private readonly project: string,
    private readonly script: string,
    private readonly args: readonly string[],
    private readonly name: string,
  ) {
    this.start();
  }

  get log(): string {
    return readFileSync(this.logPath, 'utf8');
  }

  get running(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  start(): void {
    this.starts++;
    const log = openSync(this.logPath, 'a');
    const register = createRequire(__filename).resolve('ts-node/register');
    this.child = spawn(process.execPath, ['-r', register, join(root, this.script), ...this.args], {
      cwd: this.project,
      env: {
        ...process.env,
        TS_NODE_PROJECT: join(root, 'tsconfig.json'),
        TMPDIR: join(this.project, 'tmp'),
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** End it, if it still runs, and wait for that. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!this.child || !this.running) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGCONT');
    this.child.kill(signal);
    await ended;
  }

  /** @returns its status; null if a signal ended it */
  async ended(): Promise<number | null> {
    if (this.running) await once(this.child!, 'exit');
    return this.child!.exitCode;
  }

  private get logPath(): string {
    return join(this.project, `${this.name}.log`);
  }
}
