/** Puts the kernel together and connects it with the process that it runs in. */
import { Kernel } from './kernel';
import { endWithParent } from './lifetime';
import { installMemoryModules } from './memory_modules';
import { repairTraces } from './traces';

export function main(connectionFile: string | undefined): void {
  if (connectionFile === undefined) {
    console.error('Expected the path of a connection file: Jupyter starts this program, see the README');
    process.exit(1);
  }
  const folder = process.cwd(); // Jupyter starts a kernel in the notebook's folder
  repairTraces(folder);
  installMemoryModules();
  const kernel = new Kernel(connectionFile, folder);
  process.on('SIGINT', () => kernel.interrupt());
  // Errors that no cell waits for: to be seen in the cell, but no reason to lose everything else.
  process.on('uncaughtException', error => console.error('Uncaught', error));
  process.on('unhandledRejection', reason => console.error('Uncaught (in promise)', reason));
  void kernel.start();
  endWithParent(); // after the start, which replaces the streams: a thread opens those that it finds
}
