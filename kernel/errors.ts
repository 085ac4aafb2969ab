/**
 * Errors as Jupyter's `error` message wants them. tslab 1.0.22 prints errors on stderr, so that a program that runs a
 * notebook (nbclient, nbconvert) cannot tell what went wrong, or that something did.
 */
import { inspect } from 'node:util';
import { TypeScriptError } from './compiler/type_errors';

export interface ErrorReport {
  /** The kind of error, usually its class. */
  ename: string;
  evalue: string;
  traceback: string[];
}

/** A cell that was stopped by the user; named as in Python, which front ends know. */
export class KeyboardInterrupt extends Error {
  override readonly name = 'KeyboardInterrupt';
}

/** @param thrown anything: JavaScript can throw what it likes */
export function reportError(thrown: unknown): ErrorReport {
  if (!(thrown instanceof Error)) {
    const evalue = inspect(thrown);
    return { ename: 'Thrown', evalue, traceback: [`Thrown: ${evalue}`] };
  }
  const { name, message } = thrown;
  return { ename: name, evalue: message, traceback: tracebackOf(thrown).split('\n') };
}

function tracebackOf(error: Error): string {
  if (error instanceof TypeScriptError) return error.details;
  if (error instanceof KeyboardInterrupt) return `${error.name}: ${error.message}`;
  // Something that the user can fix (lib/base/errors.ts): what to do, and the lines of the notebook that led there.
  if (error.name === 'UserError') {
    const lines = (error.stack ?? '').split('\n').filter(line => /^ {4}at .*<cell \d+>/.test(line));
    return [`${error.name}: ${error.message}`, ...lines].join('\n');
  }
  removeExcerpt(error);
  return inspect(error); // with the causes, and details such as a file's name
}

/** Node puts the line of JavaScript that threw above a trace; it is not what stands in the cell. */
function removeExcerpt(error: Error): void {
  const start = error.stack?.indexOf(String(error)) ?? -1;
  if (start > 0) error.stack = error.stack?.slice(start);
}
