/** Write the golden numbers of the tests anew, with TensorFlow's Python side in an environment of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pythonIn, venvPython } from './python';

const root = join(__dirname, '..');
const environment = join(root, 'out', 'golden-venv');

function run(command: string, args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(environment)) run(venvPython, ['-m', 'venv', environment]);
run(pythonIn(environment), ['-m', 'pip', 'install', '-q', '-r', join('test', 'golden', 'requirements.txt')]);
run(pythonIn(environment), [join('test', 'golden', 'golden.py')]);
