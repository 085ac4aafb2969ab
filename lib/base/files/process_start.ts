/** Telling processes apart: a process number is given anew after its process has ended, a start time is not. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process began, as its system tells it: on Linux clock ticks since the computer was started, elsewhere the time
 * of day that `ps` prints.
 * @returns undefined if there is no such process, or the system does not say
 */
export function processStart(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return statFields(pid)[19];
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}

/**
 * Does the process still run? One that has ended but was not collected by its parent does not.
 * @param start its `processStart`, if that is known: another process may have its number by now
 */
export function isProcessRunning(pid: number, start?: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false; // EPERM: alive, and somebody else's
  }
  if (isZombie(pid)) return false;
  const now = start === undefined ? undefined : processStart(pid);
  return now === undefined || now === start;
}

function isZombie(pid: number): boolean {
  try {
    return process.platform === 'linux' && statFields(pid)[0] === 'Z';
  } catch {
    return false;
  }
}

/** Of /proc/<pid>/stat (man 5 proc), from the third field on: the second, the program's name, may hold anything. */
function statFields(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
