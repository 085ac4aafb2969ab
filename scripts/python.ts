import { join } from 'node:path';

/** The interpreter of a virtual environment. */
export function pythonIn(environment: string): string {
  return process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python');
}

/** The interpreter of the project's own environment, made by scripts/setup.mjs. */
export const venvPython = pythonIn(join(__dirname, '..', '.venv'));
