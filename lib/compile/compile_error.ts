/** A function that cannot be a graph: says why, and what to write instead. */
export class CompileError extends Error {
  override readonly name: string = 'CompileError';

  /** @param found what the function does; @param remedy what to write instead */
  constructor(found: string, remedy: string) {
    super(`Expected a function that compile can trace, found one that ${found}: ${remedy}`);
  }
}
