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
 * waits for it to end. A signal that asks this process to end is handed on.
 * @returns its status; 1 if a signal ended it
 */
export function runProgram(
  command: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<number> {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'], // the last for scripts/attached.py
    env: { ...process.env, ...environment },
  });
  const wait = () => {};
  const handOn = (signal: NodeJS.Signals) => void child.kill(signal);
  const parent = process.ppid;
  // npm's shell does not hand signals on: when it is gone, nobody waits for this process any more.
  const orphaned = setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 1000);
  process.on('SIGINT', wait).on('SIGTERM', handOn).on('SIGHUP', handOn);
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', status => resolve(status ?? 1));
  }).finally(() => {
    clearInterval(orphaned);
    process.off('SIGINT', wait).off('SIGTERM', handOn).off('SIGHUP', handOn);
  });
}

/** Run a program (or `-m`, a module) of the project's own Python, which ends with this process however that ends. */
export function runPython(...args: string[]): Promise<number> {
  return runProgram(venvPython, [join('scripts', 'attached.py'), ...args]);
}
