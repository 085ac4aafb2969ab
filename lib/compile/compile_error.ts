import { ownPlace } from './graph_error';

/** A function that cannot be a graph: says why, what to write instead, and in which line of the caller's files. */
export class CompileError extends Error {
  override readonly name: string = 'CompileError';

  /** @param found what the function does, or the whole message; @param remedy what to write instead */
  constructor(
    readonly found: string,
    remedy?: string,
  ) {
    super(
      remedy === undefined
        ? found
        : `Expected a function that compile can trace, found one that ${found}: ${remedy}`,
    );
  }

  /** Add the place where the function did it: `… (at /home/me/model.ts:12:5)`. */
  locate(): void {
    const place = ownPlace(this.stack);
    if (place === undefined || / \(at [^()]+:\d+:\d+\)$/.test(this.message)) return;
    const { message } = this;
    this.message = `${message} (at ${place})`;
    this.stack = this.stack?.replace(message, () => this.message);
  }
}

/** @returns what is made, with the place in the caller's files, however deep in the stack that is */
export function located(make: () => CompileError): CompileError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 200;
  const error = make();
  Error.stackTraceLimit = stackTraceLimit;
  error.locate();
  return error;
}

/** A CompileError outside of a trace, with the place in the caller's files from which this is called. */
export const errorHere = (found: string, remedy?: string): CompileError =>
  located(() => new CompileError(found, remedy));

/** TensorFlow loads a graph from a file, and no folder for temporary files takes that file. */
export class GraphFolderError extends Error {
  override readonly name = 'GraphFolderError';

  /** @param bytes of the file; @param found at each folder that was tried */
  constructor(bytes: number, found: readonly string[]) {
    super(
      `Expected space for a temporary file of ${(bytes / 2 ** 20).toFixed(1)} MiB, which a compiled graph is loaded ` +
        `from, found ${found.join('; ')}: make room there, or set TMPDIR to a folder that has it`,
    );
  }
}
