/**
 * tslab's executor of cells. tslab 1.0.22 prints what goes wrong and returns false; here the error is handed on.
 *
 * Jupyter's stop button sends SIGINT. A cell without `await` is broken off wherever it stands. Of a cell with `await`
 * only the waiting ends: the cell fails with a KeyboardInterrupt, while a loop that it has started runs on, unless it
 * asks (`interrupted` in lib/notebook/kernel_api.ts). A library that wants to end a loop in good order
 * - replaces the listeners of SIGINT (`process.listeners('SIGINT')`) by its own, which sets a flag;
 * - lets the event loop turn (`setImmediate`) at each step, so that the signal arrives;
 * - puts the listeners back in `finally`, and calls them itself when the user presses stop once more.
 */
import { createCellConverter } from './compiler/converter'; // before tslab
import vm from 'node:vm';
import { createExecutor, type Executor } from 'tslab/dist/executor';
import { KeyboardInterrupt } from './errors';

export interface Runner extends Omit<Executor, 'execute'> {
  /** Compile and run a cell; rejects with whatever it throws. */
  execute(code: string): Promise<boolean>;
}

/** @param folder the notebook's */
export function createRunner(folder: string): Runner {
  keepSignals();
  const node = createCellConverter(folder);
  const failures: unknown[] = [];
  const output = {
    log: console.log,
    error(...details: unknown[]) {
      if (details.length === 1) failures.push(details[0]);
      else console.error(...details); // a complaint about a cell that is an `@module`
    },
  };
  const executor = createExecutor(folder, { node, browser: node, close: () => node.close() }, output);
  return {
    ...executor,
    async execute(code) {
      const done = await executor.execute(code);
      const [failure] = failures.splice(0);
      if (!done) throw readable(failure);
      return done;
    },
  };
}

/**
 * To break a script off, Node takes all listeners of SIGINT away while it runs, and drops a signal that came shortly
 * before, such as while the cell was compiled. A cell with `await` is soon out of its script, and is stopped by
 * listeners: so it does without.
 */
function keepSignals(): void {
  const { runInThisContext } = vm;
  vm.runInThisContext = (code, options) => {
    const waits = code.startsWith('(async function');
    return runInThisContext(
      code,
      typeof options === 'object' && waits ? { ...options, breakOnSigint: false } : options,
    ) as unknown;
  };
}

/** tslab and Node have errors of their own for a cell that was stopped. */
function readable(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const { code } = thrown as NodeJS.ErrnoException;
  const stopped =
    thrown.message === 'Interrupted asynchronously' || code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED';
  return stopped ? new KeyboardInterrupt('the cell was stopped') : thrown;
}
