/** TensorBoard on the runs, on this machine alone; further arguments go to TensorBoard. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, runPython } from './child_process';
import { NpmCommand, start } from './npm_command';

const args = [join('scripts', 'run_tensorboard.py'), '--logdir', 'runs', '--host', '127.0.0.1'];

export const command = new NpmCommand(
  'npm run tensorboard',
  'Start TensorBoard on the recorded runs, on this machine alone.',
  ['', '--port=6007'],
)
  .usage('-- [arguments...]')
  .argument('[arguments...]', 'handed on to TensorBoard; its own options are listed by --helpfull')
  .allowUnknownOption()
  .action(async (more: string[]) => {
    mkdirSync(join(root, 'runs'), { recursive: true });
    process.exitCode = await runPython([...args, ...more]);
  });

if (require.main === module) void start(command);
