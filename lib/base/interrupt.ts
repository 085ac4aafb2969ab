/** Ctrl-C and a notebook's stop button, which both come as the signal SIGINT. */
import { AsyncResource } from 'node:async_hooks';

/** Thrown by work that must not go on because the cell or program that asked for it was broken off. */
export class Interrupted extends Error {
  override readonly name = 'KeyboardInterrupt';
}

/** Thrown here or by the notebook kernel, which has an error of the same name. */
export function isInterrupt(error: unknown): boolean {
  return error instanceof Error && error.name === 'KeyboardInterrupt';
}

/**
 * The first press calls `stop` instead of breaking the cell off, so that the work can end in good order; the next one
 * does what it always does.
 */
export async function stopOnInterrupt<T>(stop: () => void, work: () => Promise<T>): Promise<T> {
  throwIfInterrupted();
  const usual = process.rawListeners('SIGINT') as NodeJS.SignalsListener[];
  let presses = 0;
  // Bound to this cell: what it shows belongs there.
  const press = AsyncResource.bind(() => {
    presses++;
    if (presses === 1) return stop();
    if (usual.length === 0) process.exit(130);
    usual.forEach(listener => listener('SIGINT'));
  });
  // One listener is there at any time: without any, the signal would end the process.
  process.on('SIGINT', press);
  usual.forEach(listener => process.off('SIGINT', listener));
  try {
    return await work();
  } finally {
    usual.forEach(listener => process.on('SIGINT', listener));
    process.off('SIGINT', press);
  }
}

const key = Symbol.for('scanline.interrupted');
type Global = typeof globalThis & { [key]?: () => boolean };

/**
 * Say who knows whether the work that is going on was broken off: a notebook's kernel. Not kept in this module, as the
 * kernel and a notebook may have copies of their own of it.
 */
export function setInterruptCheck(isInterrupted: (() => boolean) | undefined): void {
  (globalThis as Global)[key] = isInterrupted;
}

/** Work that was broken off has ended in the eyes of the user: no loop of it may go on. */
export function throwIfInterrupted(): void {
  if ((globalThis as Global)[key]?.()) throw new Interrupted('the cell was stopped');
}
