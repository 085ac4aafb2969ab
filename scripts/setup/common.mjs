// What the set-up steps share: the error that carries its remedy, the log, and running a command.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { childEnded, childStarted, endGroup } from './lock.mjs';

const windows = process.platform === 'win32';

/** Something the user can fix: printed without a stack. */
export class SetupError extends Error {}

let logging = true;

/** For a command that is to change nothing, not even the log. */
export function stopLogging() {
  logging = false;
}

const logFile = place => join(place.out, 'setup.log');

export function log(place, text) {
  if (!logging) return;
  mkdirSync(place.out, { recursive: true });
  appendFileSync(logFile(place), text);
}

const running = new Set();

/** End the commands that are running, with all that they started. */
export function endCommands() {
  for (const child of running) if (child.pid) endGroup(child.pid);
}

/**
 * Run a command in a process group of its own; all it prints goes to setup.log, and each line to `onLine`.
 * @returns {Promise<string>} what the command printed; rejects with a SetupError that quotes the end of it
 */
export function run(place, command, args, options = {}) {
  const { cwd = place.project, env = {}, onLine = () => {}, limitSeconds } = options;
  log(place, `\n$ ${command} ${args.join(' ')}\n`);
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
      log(place, chunk);
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
      const error = new SetupError(
        `${command} ${args[0] ?? ''} ${how}:\n  ${end}\n(all of it: ${logFile(place)})`,
      );
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
