/**
 * Cells one after the other. tslab 1.0.22
 * - sends no execute_input, and errors only as text;
 * - skips every cell that comes within 0.2 s after an error, also when the front end says that it shall not;
 * - says "done" before a rejection that nobody awaits is noticed.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { createCell, runInCell, type Cell } from './cell';
import { reportError, type ErrorReport } from './errors';
import type { Content, Message } from './jupyter/message';
import { setRunningCell } from './stopping';

/** After an error: milliseconds to wait for cells that are on their way already. */
const abortWindow = 20;

interface FrontEnd {
  publish(type: string, content: Content, parent: Message): void;
  reply(content: Content, request: Message): void;
}

export class Executions {
  private count = 0;
  private readonly waiting: Message[] = [];
  /** The execute_request that is being worked on. */
  running: Message | undefined;

  constructor(
    private readonly frontEnd: FrontEnd,
    private readonly execute: (code: string, cell: Cell) => Promise<unknown>,
  ) {}

  add(request: Message): void {
    this.waiting.push(request);
    if (!this.running) void this.runAll();
  }

  private async runAll(): Promise<void> {
    while ((this.running = this.waiting.shift())) {
      const request = this.running;
      this.frontEnd.publish('status', { execution_state: 'busy' }, request);
      const error = await this.run(request);
      const stop = error !== undefined && request.content.stop_on_error !== false;
      if (stop) await setTimeout(abortWindow);
      const aborted = stop ? this.waiting.splice(0) : [];
      const result = error
        ? { status: 'error', ...error }
        : { status: 'ok', payload: [], user_expressions: {} };
      this.finish(request, { ...result, execution_count: this.count });
      for (const other of aborted) {
        this.frontEnd.publish('status', { execution_state: 'busy' }, other);
        this.finish(other, { status: 'aborted' }); // without a number: it did not run
      }
    }
  }

  private finish(request: Message, result: Content): void {
    this.frontEnd.reply(result, request);
    this.frontEnd.publish('status', { execution_state: 'idle' }, request);
  }

  private async run(request: Message): Promise<ErrorReport | undefined> {
    const { silent, store_history: counts } = request.content;
    const code = String(request.content.code);
    if (!silent && counts !== false) this.count++;
    const cell = createCell(this.count, request);
    if (!silent) this.frontEnd.publish('execute_input', { code, execution_count: this.count }, request);
    setRunningCell(cell);
    try {
      await runInCell(cell, () => this.execute(code, cell));
      await setImmediate(); // Node reports unhandled rejections now
      return undefined;
    } catch (thrown) {
      const report = reportError(thrown);
      if (!silent) this.frontEnd.publish('error', { ...report }, request);
      return report;
    } finally {
      setRunningCell(undefined);
    }
  }
}
