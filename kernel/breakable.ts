/**
 * The part of a cell up to its first `await` can be broken off inside of packages and of the language itself, too, such
 * as in a regular expression that does not end: Node's vm does it at the signal SIGINT, which the control thread sends
 * when a press has gone unanswered for long. (Behind an `await` Node has no such way.)
 */
import vm from 'node:vm';
import { flags } from './control/flags';
import { interrupt, stop, stopFlags } from './stopping';

const key = Symbol.for('scanline.breakable');
const script = new vm.Script(`globalThis[Symbol.for('scanline.breakable')]()`, {
  filename: 'node:breakable',
});

/** @throws KeyboardInterrupt when it was broken off */
export function breakable<T>(code: () => T): T {
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
  try {
    return script.runInThisContext({ breakOnSigint: true }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | undefined)?.code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED')
      throw error;
    stopFlags[flags.signalled] = 0;
    stop();
    forgetHalfLoaded();
    throw interrupt();
  } finally {
    // Node has let go of the signal; this makes it listen again.
    const listeners = process.rawListeners('SIGINT') as NodeJS.SignalsListener[];
    listeners.forEach(listener => process.off('SIGINT', listener));
    listeners.forEach(listener => process.on('SIGINT', listener));
  }
}

function forgetHalfLoaded(): void {
  for (const [path, module] of Object.entries(require.cache)) {
    if (module && !module.loaded) Reflect.deleteProperty(require.cache, path);
  }
}
