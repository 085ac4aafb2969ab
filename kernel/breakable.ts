/**
 * Code of a cell can be broken off inside of packages and of the language itself, too, such as in a regular expression
 * that does not end: Node's vm does it at the signal SIGINT, which the control thread sends when a press has gone
 * unanswered for long. That holds for the code up to the first `await`, for what goes on after one, and for timers.
 */
import vm from 'node:vm';
import { flags } from './control/flags';
import { interrupt, listenAnew, stop, stopFlags } from './stopping';

const key = Symbol.for('scanline.breakable');
const script = new vm.Script(`globalThis[Symbol.for('scanline.breakable')]()`, {
  filename: 'node:breakable',
});

let isInside = false;

/** @throws KeyboardInterrupt when it was broken off */
export function breakable<T>(code: () => T): T {
  if (isInside) return code();
  Object.defineProperty(globalThis, key, {
    configurable: true,
    value: () => {
      Reflect.deleteProperty(process, 'listenerCount');
      Reflect.deleteProperty(globalThis, key);
      return code();
    },
  });
  // Node would take the listeners away meanwhile, and a library that looks for them (lib/base/interrupt.ts) would find none.
  Object.defineProperty(process, 'listenerCount', { configurable: true, value: () => 0 });
  isInside = true;
  try {
    return script.runInThisContext({ breakOnSigint: true, displayErrors: false }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | undefined)?.code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED')
      throw error;
    stopFlags[flags.signalled] = 0;
    stop();
    forgetHalfLoaded();
    throw interrupt();
  } finally {
    isInside = false;
    listenAnew();
  }
}

function forgetHalfLoaded(): void {
  for (const [path, module] of Object.entries(require.cache)) {
    if (module && !module.loaded) Reflect.deleteProperty(require.cache, path);
  }
}

/** Runs what promises that were settled have set going; Node's name for it, which has no other. */
const { _tickCallback: runReactions } = process as NodeJS.Process & { _tickCallback?: () => void };

/** Ends the waiting of those that go on at the next turn of the event loop. */
let ready: (() => void)[] = [];

/**
 * What awaits this can be broken off. What follows an `await` runs as a promise's reaction, out of the reach of vm, unless
 * the reactions themselves are run inside of it. Entering it takes a tenth of a millisecond: it is done once in a turn
 * of the event loop, for all who are waiting by then, and for what gets ready from there.
 */
export function inBreakableTurn(): Promise<void> {
  return new Promise(resolve => {
    if (isInside || !runReactions) resolve();
    else if (ready.push(resolve) === 1) setImmediate(() => breakable(runTurn));
  });
}

function runTurn(): void {
  const all = ready;
  ready = [];
  for (const resolve of all) resolve();
  runReactions!();
}
