/** TensorBoard on the runs, on this machine alone; further arguments go to TensorBoard. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, runPython } from './child_process';

mkdirSync(join(root, 'runs'), { recursive: true });
const args = [join('scripts', 'run_tensorboard.py'), '--logdir', 'runs', '--host', '127.0.0.1'];

void runPython(...args, ...process.argv.slice(2)).then(status => {
  process.exitCode = status;
});
