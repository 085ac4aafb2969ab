import { CompileError } from '../compile_error';
import { signatureOf, structureOf, type Signature } from '../signature';
import { tapeState } from '../../tfjs/tape';
import { GradientGraphs, type Differentiable } from './gradient_graphs';
import { runAndLearn, type Learned } from './learn';

/**
 * Two calls of graphs, and what the one saves for the other, cost as much as so many operations that are run by
 * themselves; measured for chains of small matrix products.
 */
const fewOperations = 30;

/** Calls of a compiled function within a gradient. */
export class GradientCalls {
  /** By signature: graphs, what was learned for them, or that there can be none. The least recently used comes first. */
  private readonly known = new Map<string, GradientGraphs | Learned | 'none'>();

  /**
   * @param mostKept for how many signatures graphs are kept
   * @param fewest operations of a forward and a backward pass that are worth graphs. Default 30
   */
  constructor(
    private readonly differentiable: Omit<Differentiable, 'structure'>,
    private readonly mostKept: number,
    private readonly fewest = fewOperations,
  ) {}

  call(args: readonly unknown[]): unknown {
    const signature = this.signatureOf(args);
    const result = signature && this.run(signature, args);
    if (result !== undefined) return result.value;
    if (!signature || this.known.get(signature.key) === 'none') return this.runEagerly(args);
    const { key, tensors } = signature;
    const { result: value, learned } = runAndLearn(() => this.runEagerly(args), tensors);
    this.set(key, learned ?? 'none');
    return value;
  }

  dispose(): void {
    for (const each of this.known.values()) if (each instanceof GradientGraphs) each.dispose();
    this.known.clear();
  }

  /** @returns undefined if there are no graphs yet, or none that serve any more */
  private run({ key, tensors }: Signature, args: readonly unknown[]): { value: unknown } | undefined {
    const graphs = this.graphsFor(key, tensors, args);
    const value = graphs?.run(tensors);
    if (graphs && value === undefined) {
      graphs.dispose();
      this.known.delete(key);
    }
    return value === undefined ? undefined : { value };
  }

  private graphsFor(
    key: string,
    tensors: Signature['tensors'],
    args: readonly unknown[],
  ): GradientGraphs | undefined {
    const known = this.known.get(key);
    if (!known || known === 'none') return undefined;
    if (known instanceof GradientGraphs) {
      this.set(key, known);
      return known;
    }
    const isReady =
      known.results.some(({ isUsed }) => isUsed) && !known.captured.some(each => each.isDisposed);
    if (!isReady) return undefined;
    try {
      const graphs = new GradientGraphs(
        { ...this.differentiable, structure: structureOf(args) },
        tensors,
        known,
      );
      if (graphs.numOperations < this.fewest) {
        graphs.dispose();
        throw new CompileError('is small', 'run it operation by operation');
      }
      this.set(key, graphs);
      return graphs;
    } catch {
      // What a graph cannot do, operations by themselves can.
      this.known.set(key, 'none');
      return undefined;
    }
  }

  private set(key: string, entry: GradientGraphs | Learned | 'none'): void {
    this.known.delete(key);
    const [oldest] = this.known.keys();
    if (oldest !== undefined && this.known.size >= this.mostKept) {
      const dropped = this.known.get(oldest);
      if (dropped instanceof GradientGraphs) dropped.dispose();
      this.known.delete(oldest);
    }
    this.known.set(key, entry);
  }

  /** @returns undefined for calls that have no graph: gradients of gradients, and arguments that are no tensors */
  private signatureOf(args: readonly unknown[]): Signature | undefined {
    if (tapeState().gradientDepth > 1) return undefined;
    try {
      return signatureOf(args);
    } catch (error) {
      if (error instanceof CompileError) return undefined;
      throw error;
    }
  }

  private runEagerly(args: readonly unknown[]): unknown {
    return (this.differentiable.fn as (...args: unknown[]) => unknown)(...args);
  }
}
