/** One test file, or several, in a process of their own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { root } from '../child_process';
import { FileTally, testEvent, type FileResult, type TestEvent } from './file_tally';

/** Seconds that a process may take to tidy up when it is told to end. */
const gracePeriod = 5;

/** Is told of each file as it starts and ends. */
export interface Listener {
  started(file: string): void;
  ended(result: FileResult): void;
}

export class TestProcess {
  private readonly child: ChildProcess;
  private readonly waiting: string[];
  /** The file at hand. */
  private tally: FileTally;
  private output = '';
  private anyFailed = false;
  private complete = false;
  /** In which test the limit was reached; undefined while it was not. */
  private tooLongIn: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  /**
   * Starts it.
   * @param files paths; those of several run one after the other
   * @param limit seconds for each file, after which the process is ended and the file counts as failed
   */
  constructor(
    private readonly files: readonly string[],
    private readonly limit: number,
    private readonly listener: Listener,
  ) {
    const reporter = pathToFileURL(join(__dirname, 'reporter.js'));
    const program = this.isShared ? [join(__dirname, 'together.js'), ...files] : files;
    const args = ['--require', 'ts-node/register', `--test-reporter=${reporter.href}`, ...program];
    // A process group of its own, so that what it starts can be ended with it.
    this.child = spawn(process.execPath, args, {
      cwd: root,
      detached: true,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined }, // set below `node --test`, which wants another reporter
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.waiting = [...files];
    this.tally = this.next();
    createInterface({ input: this.child.stdio[3] as Readable }).on('line', line =>
      this.note(testEvent.parse(JSON.parse(line))),
    );
  }

  /** Waits for its end. @returns the files that it did not come to, because it ended during another one */
  async end(): Promise<string[]> {
    const how = await new Promise<string>(resolve => {
      const end = (status: number | null, signal: string | null) => resolve(signal ?? `status ${status}`);
      this.child.once('error', error => resolve(String(error)));
      this.child.once('close', end);
      // A program that it has left behind may keep its output open.
      this.child.once('exit', (...how) => setTimeout(end, gracePeriod * 1000, ...how).unref());
    });
    this.signal('SIGKILL');
    clearTimeout(this.timer);
    // A shared process that ended before any test, as when a file cannot be loaded: each file alone tells which it was.
    if (this.isShared && !this.complete && !this.tally.hasStarted && this.tooLongIn === undefined)
      return [this.tally.file, ...this.waiting];
    this.hand(this.problem(how));
    return this.complete ? [] : this.waiting;
  }

  /** Tell it and all it has started to end; after some seconds, end them. */
  stop(): void {
    this.signal('SIGTERM');
    const kill = setTimeout(() => this.signal('SIGKILL'), gracePeriod * 1000);
    this.child.once('close', () => clearTimeout(kill));
  }

  private get isShared(): boolean {
    return this.files.length > 1;
  }

  private signal(name: NodeJS.Signals): void {
    try {
      process.kill(-this.child.pid!, name);
    } catch {
      // It has ended already.
    }
  }

  private next(): FileTally {
    const file = this.waiting.shift()!;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.tooLongIn = this.tally.where; // now: on its way out the process may report the test as failed
      this.stop();
    }, this.limit * 1000);
    this.listener.started(file);
    return new FileTally(file);
  }

  /** @param problem what is wrong with the file at hand beside its tests */
  private hand(problem: string | undefined): void {
    const result = this.tally.result(this.output, problem);
    this.output = '';
    this.anyFailed ||= result.failed > 0;
    this.listener.ended(result);
  }

  private note(event: TestEvent): void {
    if (event.type === 'end') {
      this.complete = true;
      return;
    }
    if (!this.isShared) return this.tally.note(event, event.names);
    const [file, ...names] = event.names; // see together.js
    if (file !== this.tally.file) {
      this.hand(this.tally.emptiness);
      this.tally = this.next();
    }
    this.tally.note(event, names);
  }

  /** What is wrong with the file at hand itself; undefined if nothing is. */
  private problem(how: string): string | undefined {
    const { where, emptiness } = this.tally;
    if (this.tooLongIn !== undefined)
      return `Expected its end within ${this.limit} s, found it still running${this.tooLongIn}`;
    if (how === 'status 0' && emptiness !== undefined) return emptiness;
    if (!this.complete)
      return `Expected the end of its tests, found that the process ended first with ${how}${where}`;
    const anyFailed = this.anyFailed || this.tally.hasFailed;
    if (!anyFailed && how !== 'status 0')
      return `Expected status 0 after the tests of ${this.isShared ? 'this and earlier files' : 'this file'}, found ${how}`;
    return undefined;
  }
}
