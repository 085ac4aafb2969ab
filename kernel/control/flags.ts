/**
 * What the thread that hears the stop button tells the main thread, which may be busy in a loop: numbers in memory that
 * both see.
 */
export const flags = {
  /** 1: some cell must be stopped, or was; its code looks at this often. */
  stopped: 0,
  /** Presses of the stop button so far. */
  presses: 1,
  /** The last of them that was acted upon. */
  handled: 2,
  /** 1: a library stops its work gracefully at the next press, see lib/base/interrupt.ts. */
  polite: 3,
  /** 1: a press was not acted upon for some time: code of the project's modules is broken off, too. */
  urgent: 4,
  /** 1: a SIGINT is on its way for a press that was counted already. */
  signalled: 5,
} as const;

/** @param memory the other thread's, or none to make it */
export function createFlags(memory = new SharedArrayBuffer(6 * Int32Array.BYTES_PER_ELEMENT)): Int32Array {
  return new Int32Array(memory);
}
