/** What objects show of themselves: in `console.log`, in Node's REPL, and as the last expression of a cell. */
import { inspect, type InspectOptions } from 'node:util';

/**
 * An object's method of this name shows it in a notebook: what it returns, or a promise of that, is a bundle of mime
 * types that the cell shows; with nothing returned it has shown itself. Deno's notebooks use the same name, and with
 * them packages that have nothing to do with this one.
 * Source: docs.deno.com/runtime/reference/cli/jupyter, "Displaying custom content".
 */
export const display: unique symbol = Symbol.for('Jupyter.display') as never;

/** Parameters of the method `inspect.custom`. */
export type InspectArguments = [depth: number, options: InspectOptions];

/** Whether it is printed within something else, where one line must do. */
export function isNested(...[depth, options]: InspectArguments): boolean {
  return depth < (options.depth ?? depth);
}

/** How a value shows itself. */
export interface Readable<T> {
  /** By itself, as text. */
  text: (value: T) => string;
  /** Within something else, in one line. Default: the first line of `text`. */
  line?: (value: T) => string;
  /** In a notebook; default: `text`. See `display`. */
  display?: (value: T) => unknown;
}

/**
 * Give a record a readable form, or with its prototype all instances of a class. It stays the same data for JSON and
 * for whoever compares it or copies its properties.
 * @returns the value
 */
export function readable<T extends object>(
  value: T,
  { text, line = each => text(each).split('\n')[0], display: show }: Readable<T>,
): T {
  const hidden = { enumerable: false, configurable: true, writable: true };
  const print = function (this: T, ...details: InspectArguments) {
    return isNested(...details) ? line(this) : text(this);
  };
  Object.defineProperty(value, inspect.custom, { ...hidden, value: print });
  if (show) {
    Object.defineProperty(value, display, {
      ...hidden,
      value: function (this: T) {
        return show(this);
      },
    });
  }
  return value;
}
