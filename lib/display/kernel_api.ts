/**
 * What the notebook kernel (the folder `kernel/`) offers to the library at run time. The library never imports the
 * kernel: it asks whether one is there, so that the same code runs in a program and in a test.
 */

import { setInterruptCheck } from '../base/interrupt';
import { setPlace } from '../base/remedy';

/** One output in several forms; the front end shows the richest that it knows. Key: mime type. */
export type MimeBundle = Record<string, unknown>;

export interface DisplayOptions {
  /** Outputs with an id can be replaced later by one with the same id and `update: true`. */
  displayId?: string;
  update?: boolean;
  metadata?: Record<string, unknown>;
  /** What is shown: the running cell does not show it once more if it ends with it. */
  value?: object;
}

/** A message from the front end's half of a comm (Jupyter's channel between kernel and page; ipywidgets use it). */
export interface CommMessage {
  data: Record<string, unknown>;
  buffers: Buffer[];
  /**
   * Answer it: as `Comm.send`, with this message as the parent instead of the cell that made the comm. A page that was
   * reloaded takes only such an answer for one to its question.
   */
  readonly reply: (data: Record<string, unknown>, buffers?: Buffer[]) => void;
}

export interface Comm {
  readonly commId: string;
  send(data: Record<string, unknown>, buffers?: Buffer[]): void;
  close(data?: Record<string, unknown>): void;
  onMessage(listener: (message: CommMessage) => void): void;
  onClose(listener: (message: CommMessage) => void): void;
}

export interface KernelApi {
  /** Show a bundle in the output of the cell that runs now. */
  display(bundle: MimeBundle, options?: DisplayOptions): void;
  /** Remove what the running cell has shown; with `wait`, only when the next output comes. */
  clearOutput(wait?: boolean): void;
  openComm(
    targetName: string,
    data: Record<string, unknown>,
    metadata?: Record<string, unknown>,
    buffers?: Buffer[],
  ): Comm;
  /** Answer the front end when it opens a comm with this name. */
  onCommOpen(targetName: string, listener: (comm: Comm, message: CommMessage) => void): void;
  /** Was the cell that the running code belongs to broken off by the stop button? Its loops should end then. */
  interrupted(): boolean;
  /** Ask the user for a line of text. Rejects where the front end cannot ask (nbclient, nbconvert). */
  input(prompt: string, options?: { password?: boolean }): Promise<string>;
}

const key = Symbol.for('scanline.kernel');

/** The kernel this code runs in, or undefined in a program or a test. */
export function currentKernel(): KernelApi | undefined {
  return (globalThis as { [key]?: KernelApi })[key];
}

/** Called once by the kernel at its start; `undefined` takes it away again. */
export function setCurrentKernel(kernel: KernelApi | undefined): void {
  (globalThis as { [key]?: KernelApi })[key] = kernel;
  setInterruptCheck(kernel && (() => kernel.interrupted()));
  setPlace(kernel ? 'notebook' : 'program');
}
