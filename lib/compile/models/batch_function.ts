import { compile, type Compiled } from '../compile';
import { CompileError } from '../compile_error';
import type { GraphInspection } from '../inspection/inspection';

/** A function of batches, compiled once for batches of all sizes, or, where that is refused, for each size. */
export class BatchFunction<Args extends readonly unknown[], Result> {
  private compiled: Compiled<Args, Result>;
  private isOpen = true;

  constructor(
    private readonly name: string,
    private readonly fn: (...args: Args) => Result,
  ) {
    this.compiled = compile(fn, { name, inputShapes: 'batch' });
  }

  call(...args: Args): Result {
    if (!this.isOpen) return this.compiled(...args);
    try {
      return this.compiled(...args);
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
    }
    this.compiled.dispose();
    this.isOpen = false;
    this.compiled = compile(this.fn, { name: this.name });
    return this.compiled(...args);
  }

  inspect(): GraphInspection[] {
    return this.compiled.inspect();
  }

  dispose(): void {
    this.compiled.dispose();
  }
}
