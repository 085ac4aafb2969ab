/** A terminal that a test can read: what a program writes into it, and what it looks like in the end. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { venvPython } from '../../scripts/child_process';

const escape = '\x1b';
const colours = new RegExp(`${escape}\\[[0-9;]*m`, 'g');

export interface TerminalResult {
  status: number | null;
  /** As it was written, control characters included. */
  written: string;
  /** Each state of a line before it was redrawn in place. */
  drawn: string[];
  /** What is left on the screen, trailing empty lines left out. */
  screen: string[];
}

/** @throws if the program uses a control character that this terminal does not know */
export function runInTerminal(
  columns: number,
  command: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): TerminalResult {
  const env = { ...(options.env ?? process.env) };
  delete env.COLUMNS; // it would count instead of the terminal's width
  const args = [join(__dirname, 'terminal.py'), String(columns), ...command];
  const { stdout: written, status } = spawnSync(venvPython, args, { ...options, env, encoding: 'utf8' });
  const drawn: string[] = [];
  const screen = written.split('\n').map(line => {
    const states = line.replace(/\r$/, '').split('\r\x1b[K');
    const unknown = states.find(state => /[^\P{Cc}\t]/u.test(state.replace(colours, '')));
    if (unknown !== undefined) throw new Error(`Unexpected control character in ${JSON.stringify(unknown)}`);
    drawn.push(...states.slice(0, -1));
    return states.at(-1) ?? '';
  });
  while (screen.at(-1) === '') screen.pop();
  return { status, written, drawn, screen };
}
