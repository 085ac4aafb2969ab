import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The project's folder. */
export const root = join(__dirname, '..');

/** The interpreter of a virtual environment. */
export function pythonIn(environment: string): string {
  return process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python');
}

/** The interpreter of the project's own environment, made by scripts/setup.mjs. */
export const venvPython = pythonIn(join(root, '.venv'));

/**
 * Run a program in the project's folder, with this terminal as its own. Ctrl-C reaches it directly; this process
 * waits for it to end.
 * @returns its status; 1 if a signal ended it
 */
export function runProgram(
  command: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<number> {
  const child = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  const wait = () => {};
  process.on('SIGINT', wait);
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', status => resolve(status ?? 1));
  }).finally(() => process.off('SIGINT', wait));
}
