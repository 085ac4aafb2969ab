import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The repository's folder. */
export const root = join(__dirname, '..');

/** The interpreter of a virtual environment. */
export function pythonIn(environment: string): string {
  return process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python');
}

/** The interpreter of its own environment, made by scripts/setup.mjs. */
export const venvPython = pythonIn(join(root, '.venv'));

/**
 * Run a program with this terminal as its own. Ctrl-C reaches it directly; this process waits for it to end. A signal
 * that asks this process to end is handed on.
 * @param folder where it runs. Default: the repository's
 * @returns its status; 1 if a signal ended it
 */
export function runProgram(
  command: string,
  args: string[],
  environment: Record<string, string> = {},
  folder = root,
): Promise<number> {
  const child = spawn(command, args, {
    cwd: folder,
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

/** A Python, and where and with which variables programs run in it. */
export interface PythonPlace {
  python: string;
  folder: string;
  environment?: Record<string, string>;
}

/**
 * Run a program (or `-m`, a module) of Python, which ends with this process however that ends.
 * @param place default: the repository's own Python, in the repository's folder
 */
export function runPython(
  args: readonly string[],
  { python, folder, environment }: PythonPlace = { python: venvPython, folder: root },
): Promise<number> {
  return runProgram(python, [join(__dirname, 'attached.py'), ...args], environment, folder);
}
