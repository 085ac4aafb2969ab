// What the set-up steps share: paths, the error that carries its remedy, the log, and running a command.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnded, childStarted, endGroup } from './lock.mjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const venv = join(root, '.venv');
const windows = process.platform === 'win32';
export const venvPython = windows ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');
export const tfjsNode = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
export const logFile = join(root, 'out', 'setup.log');

/** Something the user can fix: printed without a stack. */
export class SetupError extends Error {}

let logging = true;

/** For a command that is to change nothing, not even the log. */
export function stopLogging() {
  logging = false;
}

export function log(text) {
  if (!logging) return;
  mkdirSync(dirname(logFile), { recursive: true });
  appendFileSync(logFile, text);
}

const running = new Set();

/** End the commands that are running, with all that they started. */
export function endCommands() {
  for (const child of running) if (child.pid) endGroup(child.pid);
}

/**
 * Run a command in a process group of its own; all it prints goes to out/setup.log, and each line to `onLine`.
 * @returns {Promise<string>} what the command printed; rejects with a SetupError that quotes the end of it
 */
export function run(command, args, { cwd = root, env = {}, onLine = () => {}, limitSeconds } = {}) {
  log(`\n$ ${command} ${args.join(' ')}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'], // a question that nobody sees must fail, not wait
      detached: !windows,
      shell: windows && command === 'npm', // npm is a .cmd file on Windows, which only a shell starts
    });
    running.add(child);
    if (child.pid) childStarted(child.pid);
    const timer = limitSeconds && setTimeout(() => endGroup(child.pid), 1000 * limitSeconds);
    let printed = '';
    const take = chunk => {
      printed += chunk;
      log(chunk);
      const lines = String(chunk).trim().split('\n');
      onLine(lines[lines.length - 1].trim());
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const ended = () => {
      clearTimeout(timer);
      running.delete(child);
      if (child.pid) childEnded(child.pid);
    };
    child.on('error', error => {
      ended();
      reject(new SetupError(`Cannot start ${command}: ${error.message}`));
    });
    child.on('close', (status, signal) => {
      ended();
      if (status === 0) return resolve(printed);
      const end = printed.trim().split('\n').slice(-15).join('\n  ');
      const how = signal ? `was ended by ${signal}` : `ended with status ${status}`;
      const error = new SetupError(`${command} ${args[0] ?? ''} ${how}:\n  ${end}\n(all of it: ${logFile})`);
      reject(Object.assign(error, { printed }));
    });
  });
}

/** The first of `commands` for which `accepts(command)` holds, or undefined. */
export async function firstThat(commands, accepts) {
  for (const command of commands) {
    if (command && (await accepts(command))) return command;
  }
  return undefined;
}

/** Try up to `tries` times, with growing pauses, until `isFinal(error, attempt)`. */
export async function persist(action, { tries = 5, pauseSeconds = 1, isFinal = () => false } = {}) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action(attempt);
    } catch (error) {
      if (attempt === tries || isFinal(error, attempt)) throw error;
      await new Promise(resolve => setTimeout(resolve, 1000 * pauseSeconds * 2 ** (attempt - 1)));
    }
  }
}
