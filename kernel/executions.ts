/**
 * Cells one after the other. tslab 1.0.22
 * - sends no execute_input, and errors only as text;
 * - skips every cell that comes within 0.2 s after an error, also when the front end says that it shall not;
 * - says "done" before a rejection that nobody awaits is noticed.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import { createCell, runInCell, type Cell } from './cell';
import type { CellResult } from './cell_code';
import { reportError } from './errors';
import { History } from './history';
import type { Content, Message } from './jupyter/message';
import { setRunningCell } from './stopping';

/** After an error: milliseconds to wait for cells that are on their way already. */
const abortWindow = 20;

/** Runs the code; see runner.ts. */
interface CellRunner {
  execute(code: string, cell: Cell): Promise<CellResult | undefined>;
  evaluate(expression: string, cell: Cell): Promise<CellResult | undefined>;
}

interface FrontEnd {
  publish(type: string, content: Content, parent: Message): void;
  reply(content: Content, request: Message): void;
}

export class Executions {
  readonly history = new History();
  private count = 0;
  private readonly waiting: Message[] = [];
  /** The execute_request that is being worked on. */
  running: Message | undefined;

  constructor(
    private readonly frontEnd: FrontEnd,
    private readonly runner: CellRunner,
  ) {}

  add(request: Message): void {
    this.waiting.push(request);
    if (!this.running) void this.runAll();
  }

  private async runAll(): Promise<void> {
    while ((this.running = this.waiting.shift())) {
      const request = this.running;
      this.frontEnd.publish('status', { execution_state: 'busy' }, request);
      const result = await this.run(request);
      const stop = result.status === 'error' && request.content.stop_on_error !== false;
      if (stop) await setTimeout(abortWindow);
      const aborted = stop ? this.waiting.splice(0) : [];
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

  /** @returns the content of the reply, but for the count */
  private async run(request: Message): Promise<Content> {
    const { silent, store_history } = request.content;
    const code = String(request.content.code);
    const isStored = silent !== true && store_history !== false;
    if (isStored) this.history.add(++this.count, code);
    const cell = createCell(this.count, request);
    if (!silent) this.frontEnd.publish('execute_input', { code, execution_count: this.count }, request);
    setRunningCell(cell);
    try {
      const result = await runInCell(cell, () => this.runner.execute(code, cell));
      if (isStored && result?.value != null) this.history.setOutput(inspect(result?.value));
      const values = await this.evaluateAll(request.content.user_expressions, cell);
      await setImmediate(); // Node reports unhandled rejections now
      return { status: 'ok', payload: [], user_expressions: values };
    } catch (thrown) {
      const report = { ...reportError(thrown) };
      if (!silent) this.frontEnd.publish('error', report, request);
      return { status: 'error', ...report };
    } finally {
      setRunningCell(undefined);
    }
  }

  /** What the front end wants to know after the cell; an error is the expression's own, not the cell's. */
  private async evaluateAll(expressions: unknown, cell: Cell): Promise<Content> {
    const values: Content = {};
    for (const [name, expression] of Object.entries(Object(expressions) as Content)) {
      try {
        const result = await runInCell(cell, () => this.runner.evaluate(String(expression), cell));
        const text = inspect(result?.value);
        values[name] = { status: 'ok', data: { 'text/plain': text }, metadata: {} };
      } catch (thrown) {
        values[name] = { status: 'error', ...reportError(thrown) };
      }
    }
    return values;
  }
}
