/** Write the golden numbers of the tests anew, with TensorFlow's Python side in an environment of its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pythonIn, root, runProgram, venvPython } from './child_process';
import { NpmCommand, start } from './npm_command';
import { pipInstall } from './pip_install';

const environment = join(root, 'out', 'golden-venv');
const python = pythonIn(environment);

async function main(): Promise<void> {
  if (!existsSync(python)) await run(venvPython, ['-m', 'venv', environment]);
  if (!(await pipInstall(python, join('test', 'golden', 'requirements.txt')))) process.exit(1);
  await run(python, [join('test', 'golden', 'golden.py')]);
  await run(python, ['-m', 'reference']);
}

async function run(command: string, args: string[]): Promise<void> {
  const status = await runProgram(command, args, { PYTHONPATH: join('test', 'golden') });
  if (status !== 0) process.exit(status);
}

export const command = new NpmCommand(
  'npm run golden',
  'Write the golden numbers of the tests anew, with TensorFlow in Python.',
  [''],
).action(main);

if (require.main === module) void start(command);
