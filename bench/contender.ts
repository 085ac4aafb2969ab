/** A process of the benchmark, seen from outside: start it, give it commands, end it. */
import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { UserError, type HyperparametersInput } from '../lib';
import type { Answer, Command } from './programs/worker';

export interface ContenderSettings {
  /** How it is called in the tables. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Environment variables beside the present ones. */
  readonly environment?: Readonly<Record<string, string>>;
}

export class Contender {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly answers: AsyncIterator<string>;
  private complaints = '';

  private constructor(readonly settings: ContenderSettings) {
    const { command, args, environment } = settings;
    this.child = spawn(command, args, {
      cwd: dirname(__dirname),
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    this.answers = createInterface(this.child.stdout)[Symbol.asyncIterator]();
    this.child.stderr.on('data', (chunk: Buffer) => (this.complaints += String(chunk)));
    this.child.stdin.on('error', () => {}); // the missing answer tells it
  }

  /** Comes back when it has loaded its libraries and the data. */
  static async start(settings: ContenderSettings): Promise<Contender> {
    const contender = new Contender(settings);
    await contender.answer();
    return contender;
  }

  /** @throws UserError with what the process said last, if it ends instead of answering */
  async obey(command: Command): Promise<Answer> {
    this.child.stdin.write(`${JSON.stringify(command)}\n`);
    return this.answer();
  }

  /** Resident memory, in bytes. */
  memory(): number {
    const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(this.child.pid)], { encoding: 'utf8' });
    return Number(stdout) * 1024;
  }

  async end(): Promise<void> {
    const ended = once(this.child, 'close');
    this.child.stdin.end();
    await ended;
  }

  private async answer(): Promise<Answer> {
    const line = await this.answers.next();
    if (!line.done) return JSON.parse(line.value) as Answer;
    const end = this.complaints.trim().split('\n').slice(-15).join('\n  ');
    throw new UserError(`Expected an answer of ${this.settings.name}, but it ended:\n  ${end}`);
  }
}

export interface ProgramOptions {
  /** Environment variables beside the present ones. */
  environment?: Readonly<Record<string, string>>;
  /** Of Scanline's network, where they are not the post's. */
  settings?: HyperparametersInput;
}

/** A program of bench/programs, in a process of its own. */
export function typescriptContender(
  name: string,
  program: string,
  { environment, settings = {} }: ProgramOptions = {},
): ContenderSettings {
  const worker = join(__dirname, 'programs', 'worker.ts');
  const args = ['--require', 'ts-node/register', worker, program, JSON.stringify(settings)];
  return { name, command: process.execPath, args, environment };
}
