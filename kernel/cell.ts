/**
 * Which cell the running code belongs to. tslab 1.0.22 sends everything to the cell that was started last; so a timer
 * or loop of an earlier cell writes into a later one. Node follows asynchronous code for us.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Message } from './jupyter/message';

/** One execution of a cell. */
export interface Cell {
  /** Its number in the notebook, as in `[3]`. */
  readonly count: number;
  /** How traces call it: `<cell 3>`. */
  readonly label: string;
  /** What asked for it; all outputs refer to it. */
  readonly request: Message;
  /** The stop button ended it; a loop of it may still run. */
  interrupted?: boolean;
}

const running = new AsyncLocalStorage<Cell>();
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

/** The stop button ends the cell that was started last. */
export function interruptCell(): void {
  if (latest) latest.interrupted = true;
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
      console.error('Uncaught', error);
    }
  };
  return cell ? (...details) => running.run(cell, () => call(...details)) : call;
}
