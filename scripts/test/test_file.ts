/** One test file in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { root } from '../child_process';

/** What reporter.js tells. */
const testEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), name: z.string() }),
  z.object({
    type: z.enum(['pass', 'fail']),
    name: z.string(),
    suite: z.boolean(),
    skipped: z.boolean(),
    error: z.string().optional(),
  }),
  z.object({ type: z.literal('end') }),
]);
type TestEvent = z.output<typeof testEvent>;

export interface Failure {
  /** The test's name after those of the groups around it; empty if it is the file that failed. */
  name: string;
  error: string;
}

export interface FileResult {
  file: string;
  seconds: number;
  passed: number;
  failed: number;
  skipped: number;
  failures: Failure[];
  /** What the file and its tests printed. */
  output: string;
}

/** Seconds that a process may take to tidy up when it is told to end. */
const gracePeriod = 5;

export class TestFile {
  private readonly start = performance.now();
  private readonly child: ChildProcess;
  private readonly failures: Failure[] = [];
  private counts = { passed: 0, failed: 0, skipped: 0 };
  private output = '';
  /** Names of the tests that have started and not ended. */
  private readonly running = new Set<string>();
  private complete = false;
  private tooLong = false;

  /**
   * Starts it.
   * @param file path
   * @param limit seconds after which it is ended and counts as failed
   */
  constructor(
    readonly file: string,
    private readonly limit: number,
  ) {
    const reporter = pathToFileURL(join(__dirname, 'reporter.js'));
    const args = ['--require', 'ts-node/register', `--test-reporter=${reporter.href}`, file];
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
    createInterface({ input: this.child.stdio[3] as Readable }).on('line', line =>
      this.note(testEvent.parse(JSON.parse(line))),
    );
  }

  /** Waits for its end. */
  async result(): Promise<FileResult> {
    const timer = setTimeout(() => {
      this.tooLong = true;
      this.end();
    }, this.limit * 1000);
    const how = await new Promise<string>(resolve => {
      const end = (status: number | null, signal: string | null) => resolve(signal ?? `status ${status}`);
      this.child.once('error', error => resolve(String(error)));
      this.child.once('close', end);
      // A program that it has left behind may keep its output open.
      this.child.once('exit', (...how) => setTimeout(end, gracePeriod * 1000, ...how).unref());
    });
    this.signal('SIGKILL');
    clearTimeout(timer);
    const { file, counts, failures, output } = this;
    const problem = this.problem(how);
    if (problem !== undefined) {
      counts.failed++;
      failures.push({ name: '', error: problem });
    }
    return { file, seconds: (performance.now() - this.start) / 1000, ...counts, failures, output };
  }

  /** Tell it and all it has started to end; after some seconds, end them. */
  end(): void {
    this.signal('SIGTERM');
    const kill = setTimeout(() => this.signal('SIGKILL'), gracePeriod * 1000);
    this.child.once('close', () => clearTimeout(kill));
  }

  private signal(name: NodeJS.Signals): void {
    try {
      process.kill(-this.child.pid!, name);
    } catch {
      // It has ended already.
    }
  }

  private note(event: TestEvent): void {
    if (event.type === 'end') {
      this.complete = true;
      return;
    }
    if (event.type === 'run') {
      this.running.add(event.name);
      return;
    }
    const { type, name, suite, skipped, error } = event;
    this.running.delete(name);
    if (error !== undefined) this.failures.push({ name, error });
    // A group is no test; but one that is skipped, or whose own code or hooks fail, counts as one.
    if (skipped) this.counts.skipped++;
    else if (type === 'fail' && (!suite || error !== undefined)) this.counts.failed++;
    else if (type === 'pass' && !suite) this.counts.passed++;
  }

  /** What is wrong with the file itself; undefined if nothing is. */
  private problem(how: string): string | undefined {
    const { passed, failed, skipped } = this.counts;
    const at = [...this.running].pop();
    const where = at === undefined ? '' : ` in the test "${at}"`;
    if (this.tooLong) return `Expected its end within ${this.limit} s, found it still running${where}`;
    if (how === 'status 0' && passed + failed + skipped + this.running.size === 0)
      return 'Expected a test in this file, found none';
    if (!this.complete)
      return `Expected the end of its tests, found that the process ended first with ${how}${where}`;
    if (failed === 0 && how !== 'status 0') return `Expected status 0 after its tests, found ${how}`;
    return undefined;
  }
}
