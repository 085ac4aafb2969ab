import { inspect } from 'node:util';
import { tf } from '../tfjs/tensorflow';
import { CompiledGraph, type GraphInspection } from './compiled_graph';
import { CompileError } from './compile_error';
import { simplifications, type Simplification } from './simplify';
import { flatten } from '../tfjs/structure';
import { isTracing } from './trace';

export interface CompileOptions {
  /** Appears in errors and inspections. Default: the function's own name. */
  name?: string;
  /** Graphs kept, one for each combination of shapes and types; the least recently used goes first. Default 8. */
  maxSignatures?: number;
  /** Put faster operations in the place of some (see simplify.ts); false, or some only, to see what that does. Default true. */
  simplify?: boolean | readonly Simplification[];
}

export interface Compiled<Args extends readonly unknown[], Result> {
  (...args: Args): Result;
  /** Free all graphs. The function can still be called: it is traced anew then. */
  dispose(): void;
  /** What was made of the function, for each signature that is kept. */
  inspect(): GraphInspection[];
}

/**
 * Make a function of tensors run as one TensorFlow graph.
 *
 * The first call with new shapes or types traces the function; later calls run the graph, without any JavaScript of
 * the function. It takes and returns tensors, or lists and records of them. Variables that it reads are read anew at
 * each call, and what it assigns to them is assigned at each call. Tensors captured from outside are inputs as well.
 * Everything else is fixed when it is traced: numbers, conditions, the lengths of loops.
 *
 * @throws CompileError at a trace: for reading values, for numbers drawn in JavaScript, for async functions
 *
 * @example
 * const norm = compile((x: tf.Tensor) => tf.sqrt(tf.sum(tf.square(x))));
 * norm(tf.tensor1d([3, 4])); // traced, then run: 5
 * norm(tf.tensor1d([6, 8])); // run: 10
 */
export function compile<Args extends readonly unknown[], Result>(
  fn: (...args: Args) => Result,
  options: CompileOptions = {},
): Compiled<Args, Result> {
  const { name = fn.name || 'function', maxSignatures = 8, simplify = true } = options;
  const wanted = typeof simplify === 'boolean' ? (simplify ? simplifications : []) : simplify;
  const graphs = new Map<string, CompiledGraph>();

  function call(...args: Args): Result {
    if (isTracing()) return fn(...args);
    if (tf.engine().isTapeOn()) {
      throw new CompileError(
        'is called within a gradient (tf.grad)',
        'put the gradient into the compiled function',
      );
    }
    const { structure, tensors } = flatten(args, 'the arguments');
    const key = JSON.stringify([structure, tensors.map(({ shape, dtype }) => [shape, dtype])]);
    let graph = graphs.get(key);
    if (!graph) {
      graph = new CompiledGraph(name, { fn, structure }, tensors, wanted);
      if (graphs.size >= maxSignatures) removeOldest(graphs);
    }
    graphs.delete(key); // so that the map's order is that of the last use
    graphs.set(key, graph);
    return graph.run(tensors) as Result;
  }

  return Object.assign(call, {
    dispose() {
      for (const graph of graphs.values()) graph.dispose();
      graphs.clear();
    },
    inspect: () => [...graphs.values()].map(graph => graph.inspect()),
    [inspect.custom]: () => describe(name, graphs),
  });
}

/** How it is printed: its graphs, with the types and shapes of the arguments. */
function describe(name: string, graphs: ReadonlyMap<string, CompiledGraph>): string {
  const head = `Compiled ${name}: ${graphs.size} ${graphs.size === 1 ? 'graph' : 'graphs'}`;
  const lines = [...graphs].map(([key, graph]) => {
    const [, types] = JSON.parse(key) as [unknown, [shape: number[], dtype: string][]];
    const list = types.map(([shape, dtype]) => `${dtype} [${shape.join(', ')}]`).join(', ');
    return `  for ${list}: ${graph.inspect().numNodes} nodes`;
  });
  return [head, ...lines].join('\n');
}

function removeOldest(graphs: Map<string, CompiledGraph>): void {
  for (const [key, graph] of graphs) {
    graph.dispose();
    graphs.delete(key);
    return;
  }
}
