import { join } from 'node:path';
import { runPython } from './child_process';

/** Run a notebook from first to last cell; paths count from the project's folder. Ends this process if a cell fails. */
export async function executeNotebook(source: string, target: string): Promise<void> {
  const status = await runPython([join('scripts', 'run_notebook.py'), source, target]);
  if (status !== 0) {
    console.error(`\n${source} did not run to its end; what ran is in ${target}`);
    process.exit(status);
  }
}
