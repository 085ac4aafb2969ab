/** Jupyter's stop button and Ctrl-C, which both come as the signal SIGINT. */
import { currentKernel } from './notebook/kernel_api';

/** Thrown by work that must not go on because the cell or program that asked for it was broken off. */
export class Interrupted extends Error {
  override readonly name = 'KeyboardInterrupt';
}

/**
 * The first press calls `stop` instead of breaking the cell off, so that the work can end in good order; the next one
 * does what it always does.
 */
export async function stopOnInterrupt<T>(stop: () => void, work: () => Promise<T>): Promise<T> {
  await Promise.resolve(); // out of the cell's synchronous part, which Node breaks off without asking anybody
  throwIfInterrupted();
  const usual = process.rawListeners('SIGINT') as NodeJS.SignalsListener[];
  let presses = 0;
  const press = () => {
    presses++;
    if (presses === 1) return stop();
    if (usual.length === 0) process.exit(130);
    usual.forEach(listener => listener('SIGINT'));
  };
  process.removeAllListeners('SIGINT');
  process.on('SIGINT', press);
  try {
    return await work();
  } finally {
    process.off('SIGINT', press);
    usual.forEach(listener => process.on('SIGINT', listener));
  }
}

/** A cell that was broken off has ended in the eyes of the user: no loop of it may go on. */
export function throwIfInterrupted(): void {
  if (currentKernel()?.interrupted()) throw new Interrupted('the cell was stopped');
}
