/** Which cell the running code belongs to: Node follows asynchronous code for us. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { KeyboardInterrupt } from './errors';
import { hideAsyncSymbols } from './hidden_symbols';
import type { Message } from './jupyter/message';

/** One execution of a cell. */
export interface Cell {
  /** Its number in the notebook, as in `[3]`. */
  readonly count: number;
  /** How traces call it: `<cell 3>`. */
  readonly label: string;
  /** What asked for it; all outputs refer to it. */
  readonly request: Message;
  /** When the stop button ended it, as `performance.now()`; its `finally` blocks may still run. */
  stoppedAt?: number;
  /** Stopped, and nothing of it must run any more. */
  over: boolean;
  /** Ends the waiting of each `await` that it is in. */
  readonly waiting: Set<(reason: Error) => void>;
  readonly intervals: Set<NodeJS.Timeout>;
  /** Values that it has shown. */
  readonly shown: WeakSet<object>;
}

export function createCell(count: number, request: Message): Cell {
  const label = `<cell ${count}>`;
  return {
    ...{ count, label, request, over: false },
    ...{ waiting: new Set(), intervals: new Set(), shown: new WeakSet() },
  };
}

const running = new AsyncLocalStorage<Cell>();
hideAsyncSymbols(running);
let latest: Cell | undefined;

/** Run the code of a cell: what it starts belongs to the cell, also what happens after its end. */
export function runInCell<T>(cell: Cell, code: () => T): T {
  latest = cell;
  return running.run(cell, code);
}

/** The cell that the running code belongs to; the last one, where that cannot be told. */
export function currentCell(): Cell | undefined {
  return running.getStore() ?? latest;
}

/** Let a function that somebody else will call belong to the current cell; what it throws is printed there. */
export function bindToCell<Arguments extends unknown[]>(
  listener: (...details: Arguments) => unknown,
): (...details: Arguments) => void {
  const cell = currentCell();
  const call = (...details: Arguments) => {
    try {
      listener(...details);
    } catch (error) {
      if (!(error instanceof KeyboardInterrupt)) console.error('Uncaught', error);
    }
  };
  return cell ? (...details) => running.run(cell, () => call(...details)) : call;
}
