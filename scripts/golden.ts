/** Write the golden numbers of the tests anew, with TensorFlow's Python side in an environment of its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pythonIn, root, runProgram, venvPython } from './child_process';
import { NpmCommand, start } from './npm_command';

const environment = join(root, 'out', 'golden-venv');
const python = pythonIn(environment);

async function main(): Promise<void> {
  const commands: [string, string[]][] = [
    [python, ['-m', 'pip', 'install', '-q', '-r', join('test', 'golden', 'requirements.txt')]],
    [python, [join('test', 'golden', 'golden.py')]],
    [python, ['-m', 'reference']],
  ];
  if (!existsSync(python)) commands.unshift([venvPython, ['-m', 'venv', environment]]);
  for (const [command, args] of commands) {
    const status = await runProgram(command, args, { PYTHONPATH: join('test', 'golden') });
    if (status !== 0) process.exit(status);
  }
}

export const command = new NpmCommand(
  'npm run golden',
  'Write the golden numbers of the tests anew, with TensorFlow in Python.',
  [''],
).action(main);

if (require.main === module) void start(command);
