/** How far the tests have come: one line that is redrawn in a terminal, a line for each file elsewhere. */
import { Throttle } from '../../lib/base/throttle';
import type { FileResult } from './file_tally';

export class Display {
  private readonly results: FileResult[] = [];
  private readonly running = new Set<string>();
  private readonly start = performance.now();
  private readonly timer: NodeJS.Timeout;
  private readonly lines: Throttle;

  /**
   * @param total number of files
   * @param silence seconds after which it is said what is still running, elsewhere than in a terminal
   */
  constructor(
    private readonly total: number,
    private readonly screen: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'> = process.stdout,
    silence = 10,
  ) {
    this.lines = new Throttle(silence);
    this.lines.restart();
    this.timer = setInterval(() => this.draw(), 1000);
  }

  started(file: string): void {
    this.running.add(file);
    this.draw();
  }

  ended(result: FileResult): void {
    this.results.push(result);
    this.running.delete(result.file);
    if (!this.screen.isTTY || result.failed > 0) {
      const seconds = `${result.seconds.toFixed(1)} s`.padStart(8);
      this.print(`${this.count()} ${seconds}  ${countsOf(result)}  ${result.file}`);
    }
    if (result.failed > 0) this.print(describeFailures(result));
    if (result.failed > 0 && result.output !== '') this.print(`  It printed:\n${indent(result.output)}`);
    this.draw();
  }

  /** The failures once more, and in the last line nothing but the numbers, which it returns. */
  end(): Counts {
    clearInterval(this.timer);
    const total = totalOf(this.results);
    const failing = this.results.filter(({ failed }) => failed > 0);
    if (failing.length > 0) this.print(['', 'Failed:', ...failing.map(describeFailures)].join('\n'));
    const seconds = (performance.now() - this.start) / 1000;
    this.print(`\n${this.results.length} of ${this.total} test files in ${seconds.toFixed(0)} s`);
    if (total.passed + total.failed === 0) this.print('no test has run');
    this.print(countsOf(total));
    return total;
  }

  private draw(): void {
    const { screen, running } = this;
    if (running.size === 0) return;
    const elapsed = ((performance.now() - this.start) / 1000).toFixed(0);
    const names = [...running].join(', ');
    if (screen.isTTY) {
      const line = `${this.count()} ${elapsed} s, ${countsOf(totalOf(this.results))}: ${names}`;
      screen.write(`\r\x1b[K${line.slice(0, (screen.columns || 80) - 1)}`);
    } else if (this.lines.due) {
      this.print(`${this.count()} ${elapsed.padStart(6)} s  still running: ${names}`);
    }
  }

  private count(): string {
    return `[${String(this.results.length).padStart(String(this.total).length)}/${this.total}]`;
  }

  private print(text: string): void {
    this.clear();
    this.screen.write(`${text}\n`);
    this.lines.restart();
  }

  private clear(): void {
    if (this.screen.isTTY) this.screen.write('\r\x1b[K');
  }
}

type Counts = Pick<FileResult, 'passed' | 'failed' | 'skipped'>;

function totalOf(results: readonly Counts[]): Counts {
  const sum = (key: keyof Counts) => results.reduce((total, result) => total + result[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

function countsOf({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function describeFailures({ file, failures }: FileResult): string {
  return failures.map(({ name, error }) => `  ${file}${name && `: ${name}`}\n${indent(error)}`).join('\n');
}

function indent(text: string): string {
  return text.trimEnd().replace(/^(?=.)/gm, '    ');
}
