import type { CompiledGraph } from './compiled_graph';

/** The graphs of a compiled function, by signature, in the order of their last use. */
export class GraphCache {
  private readonly graphs = new Map<string, CompiledGraph>();
  /** Graphs that had to make room for others. */
  private dropped = 0;

  /** @param mostKept how many there are at most */
  constructor(
    private readonly name: string,
    private readonly mostKept: number,
  ) {}

  get(key: string): CompiledGraph | undefined {
    const graph = this.graphs.get(key);
    if (graph) {
      this.graphs.delete(key);
      this.graphs.set(key, graph);
    }
    return graph;
  }

  /** The one that was used last. */
  get last(): CompiledGraph | undefined {
    return [...this.graphs.values()].pop();
  }

  add(key: string, graph: CompiledGraph): void {
    const [oldest] = this.graphs.keys();
    if (oldest !== undefined && this.graphs.size >= this.mostKept) {
      this.delete(oldest);
      this.dropped++;
      if (this.dropped === this.mostKept) this.warn(graph);
    }
    this.graphs.set(key, graph);
  }

  delete(key: string): void {
    this.graphs.get(key)?.dispose();
    this.graphs.delete(key);
  }

  entries(): [key: string, graph: CompiledGraph][] {
    return [...this.graphs];
  }

  dispose(): void {
    for (const key of [...this.graphs.keys()]) this.delete(key);
  }

  /** Once: a function that is traced at every call is slower than without compile. */
  private warn(graph: CompiledGraph): void {
    const traced = this.mostKept + this.dropped;
    process.emitWarning(
      `Expected calls of the compiled function ${this.name} with few combinations of shapes and fixed values, found ` +
        `one for which it was traced for the ${traced}th time, at ${graph.inspect().traceSeconds.toFixed(1)} s each, ` +
        `while ${this.mostKept} graphs are kept: give it batches of few sizes, name the dimensions that change in ` +
        `inputShapes ([[null, 28]]), pass numbers that change as tensors (tf.scalar), or set maxSignatures`,
      'CompileWarning',
    );
  }
}
