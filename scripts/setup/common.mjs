// What the set-up steps share: paths, running a command, and the error that carries its remedy.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const venv = join(root, '.venv');
const windows = process.platform === 'win32';
export const venvPython = windows ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');
export const tfjsNode = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
export const logFile = join(root, 'out', 'setup.log');

/** Something the user can mend: printed without a stack. */
export class SetupError extends Error {}

export function log(text) {
  mkdirSync(dirname(logFile), { recursive: true });
  appendFileSync(logFile, text);
}

/**
 * Run a command; all it prints goes to out/setup.log, and each line to `onLine`.
 * @returns {Promise<string>} what the command printed; rejects with a SetupError that quotes the end of it
 */
export function run(command, args, { cwd = root, env = {}, onLine = () => {} } = {}) {
  log(`\n$ ${command} ${args.join(' ')}\n`);
  return new Promise((resolve, reject) => {
    // npm is a .cmd file on Windows, which only a shell starts.
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      shell: windows && command === 'npm',
    });
    let printed = '';
    const take = chunk => {
      printed += chunk;
      log(chunk);
      const lines = String(chunk).trim().split('\n');
      onLine(lines[lines.length - 1].trim());
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', error => reject(new SetupError(`Cannot start ${command}: ${error.message}`)));
    child.on('close', (status, signal) => {
      if (status === 0) return resolve(printed);
      const end = printed.trim().split('\n').slice(-15).join('\n  ');
      const how = signal ? `was ended by ${signal}` : `ended with status ${status}`;
      reject(new SetupError(`${command} ${args[0] ?? ''} ${how}:\n  ${end}\n(all of it: ${logFile})`));
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

/** A stamp says for what input a step was done: it is written last, so a break leaves none. */
export function stampIs(file, content) {
  return existsSync(file) && readFileSync(file, 'utf8') === content;
}

export function writeStamp(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
