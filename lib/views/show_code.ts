/** The equations as they stand in lib, so that what a notebook shows is what runs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../base/errors';
import { packageFolder } from '../base/project';
import { currentKernel } from '../display/kernel_api';

const folder = join(packageFolder(), 'lib', 'rnn');

/**
 * Show the `call` method of a cell or wrapper, with the functions and methods of the same file that it calls.
 * @param kind as in the hyperparameters: 'gru', 'zoneout'
 */
export function showCode(kind: string): void {
  const code = codeOf(kind);
  const kernel = currentKernel();
  if (kernel) kernel.display({ 'text/markdown': `\`\`\`typescript\n${code}\n\`\`\``, 'text/plain': code });
  else console.log(code);
}

/**
 * The text that `showCode` shows. It relies on how prettier lays out a file: what begins at the start of a line ends
 * with a `}` at the start of a line, and methods likewise two columns further right.
 * @throws UserError if no file defines that kind
 */
export function codeOf(kind: string): string {
  const definition = new RegExp(
    `^export const \\w+ = (?:cell|wrapper)Kind\\(\\s*'${kind}',[^;]*?new (\\w+)`,
    'm',
  );
  for (const name of sourceFiles()) {
    const text = readFileSync(join(folder, name), 'utf8');
    const className = definition.exec(text)?.[1];
    if (className !== undefined) return callOf(className, text);
  }
  throw new UserError(
    `Expected the kind of a cell or wrapper in lib/rnn, found '${kind}': listed in cells.ts`,
  );
}

function sourceFiles(): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(each => each.endsWith('.ts'));
}

function callOf(className: string, text: string): string {
  const body = new RegExp(`^export class ${className}\\b[^]*?^}`, 'm').exec(text)?.[0] ?? '';
  const methods = blocks(body, /^ {2}(?:private |protected )?(\w+)(?:<[^(]*>)?\([^]*?^ {2}}/gm);
  const functions = blocks(text, /^(?:export )?function (\w+)[^]*?^}/gm);
  const shown = new Map<string, string>();
  const add = (name: string, code: string | undefined) => {
    if (code === undefined || shown.has(name)) return;
    shown.set(name, code);
    for (const [other, method] of methods) if (code.includes(`this.${other}(`)) add(`this.${other}`, method);
    for (const [other, each] of functions) if (new RegExp(`\\b${other}\\b`).test(code)) add(other, each);
  };
  add('this.call', methods.get('call'));
  return [...shown.values()].map(unindented).join('\n\n');
}

/** By name. */
function blocks(text: string, pattern: RegExp): Map<string, string> {
  return new Map([...text.matchAll(pattern)].map(([block, name]) => [name, block]));
}

function unindented(block: string): string {
  return block.startsWith('  ') ? block.replace(/^ {2}/gm, '') : block;
}
