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
 * The first press aborts the signal that the work gets instead of breaking the cell off, so that it can end in good
 * order; the next one does what it always does.
 * @param signal aborts the work's, too
 */
export async function stopOnInterrupt<T>(
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  throwIfInterrupted();
  const button = new AbortController();
  const usual = process.rawListeners('SIGINT') as NodeJS.SignalsListener[];
  let presses = 0;
  // Bound to this cell: what it shows belongs there.
  const press = AsyncResource.bind(() => {
    presses++;
    if (presses === 1) return button.abort();
    if (usual.length === 0) process.exit(130);
    usual.forEach(listener => listener('SIGINT'));
  });
  // One listener is there at any time: without any, the signal would end the process.
  process.on('SIGINT', press);
  usual.forEach(listener => process.off('SIGINT', listener));
  try {
    return await work(signal ? AbortSignal.any([button.signal, signal]) : button.signal);
  } finally {
    usual.forEach(listener => process.on('SIGINT', listener));
    process.off('SIGINT', press);
  }
}

/** Call `stop` when the signal is aborted, or at once if it is already. @returns a function that ends that */
export function onAbort(signal: AbortSignal | undefined, stop: () => void): () => void {
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  return () => signal?.removeEventListener('abort', stop);
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
