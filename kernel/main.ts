/** Puts the kernel together and connects it with the process that it runs in. */
import { forwardChildOutput } from './child_output';
import { KeyboardInterrupt } from './errors';
import { Kernel } from './kernel';
import { installMemoryModules } from './memory_modules';
import { listenToStop } from './stopping';
import { watchTimers } from './timers';
import { repairTraces } from './traces';

export function main(connectionFile: string | undefined): void {
  if (connectionFile === undefined) {
    console.error('Expected the path of a connection file: Jupyter starts this program, see the README');
    process.exit(1);
  }
  const folder = process.cwd(); // Jupyter starts a kernel in the notebook's folder
  repairTraces(folder);
  installMemoryModules();
  forwardChildOutput();
  const kernel = new Kernel(connectionFile, folder);
  listenToStop();
  watchTimers();
  // Errors that no cell waits for: to be seen in the cell, but no reason to lose everything else.
  process.on('uncaughtException', error => report('Uncaught', error));
  process.on('unhandledRejection', reason => report('Uncaught (in promise)', reason));
  void kernel.start();
}

/** What was stopped was meant to end. */
function report(title: string, error: unknown): void {
  if (!(error instanceof KeyboardInterrupt)) console.error(title, error);
}
