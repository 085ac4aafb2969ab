/** The results of the tests of a file, as they come. */
import { z } from 'zod';

/** What reporter.js tells. `names`: those of the groups around a test, and its own. */
export const testEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), names: z.array(z.string()) }),
  z.object({
    type: z.enum(['pass', 'fail']),
    names: z.array(z.string()),
    suite: z.boolean(),
    skipped: z.boolean(),
    error: z.string().optional(),
  }),
  z.object({ type: z.literal('end') }),
]);
export type TestEvent = z.output<typeof testEvent>;

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

export class FileTally {
  private readonly start = performance.now();
  private readonly failures: Failure[] = [];
  private readonly counts = { passed: 0, failed: 0, skipped: 0 };
  /** Names of the tests that have started and not ended. */
  private readonly running = new Set<string>();
  hasStarted = false;

  constructor(readonly file: string) {}

  /** @param names those of the event, below the file */
  note(event: Exclude<TestEvent, { type: 'end' }>, names: readonly string[]): void {
    this.hasStarted = true;
    const name = names.join(' > ');
    if (event.type === 'run') {
      if (name !== '') this.running.add(name);
      return;
    }
    const { type, suite, skipped, error } = event;
    this.running.delete(name);
    if (error !== undefined) this.failures.push({ name, error });
    // A group is no test; but one that is skipped, or whose own code or hooks fail, counts as one.
    if (skipped) this.counts.skipped++;
    else if (type === 'fail' && (!suite || error !== undefined)) this.counts.failed++;
    else if (type === 'pass' && !suite) this.counts.passed++;
  }

  get hasFailed(): boolean {
    return this.counts.failed > 0;
  }

  /** The test at hand. */
  get where(): string {
    const at = [...this.running].pop();
    return at === undefined ? '' : ` in the test "${at}"`;
  }

  /** What is wrong with a file without tests; undefined of any other. */
  get emptiness(): string | undefined {
    const { passed, failed, skipped } = this.counts;
    if (passed + failed + skipped + this.running.size > 0) return undefined;
    return 'Expected a test in this file, found none';
  }

  result(output: string, problem: string | undefined): FileResult {
    const { file, counts, failures } = this;
    if (problem !== undefined) {
      counts.failed++;
      failures.push({ name: '', error: problem });
    }
    return { file, seconds: (performance.now() - this.start) / 1000, ...counts, failures, output };
  }
}
