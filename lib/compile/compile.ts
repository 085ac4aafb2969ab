import { inspect } from 'node:util';
import { tapeState } from '../tfjs/tape';
import { tf } from '../tfjs/tensorflow';
import { errorHere } from './compile_error';
import { CompiledGraph, type Inputs, type Seeds } from './compiled_graph';
import { GradientCalls } from './gradient/gradient_calls';
import { GraphCache } from './graph_cache';
import type { FrozenFunction, SaveOptions } from './graph/export_model';
import type { GraphInspection } from './inspection/inspection';
import type { Profile } from './inspection/profile';
import { simplifications, type Simplification } from './simplify/simplify';
import { signatureOf, structureOf, type Signature } from './signature';
import { checkShapes, exactly, type InputShapes } from './sizes/open_shapes';
import { isTracing } from './trace/run_traced';

export interface CompileOptions {
  /** Appears in errors and inspections. Default: the function's own name. */
  name?: string;
  /** Graphs kept, one for each combination of shapes and types; the least recently used goes first. Default 8. */
  maxSignatures?: number;
  /**
   * Shapes of the tensors among the arguments, in their order, with null for a dimension that may have any size:
   * [[null, 28]] for batches of rows of 28. One graph serves all sizes then, and `save` leaves them open. A tensor
   * without an entry has the shape of the call. Dimensions that have the same size in a call are taken for the same
   * (the rows of images and labels); a call in which they differ gets another graph, as does a size of 0, and of 1
   * where the function does something else for it. 'batch' leaves the first size of each tensor open. Default: each
   * combination of shapes has a graph of its own.
   */
  inputShapes?: InputShapes;
  /** Put faster operations in the place of some (see simplify.ts); false, or some only, to see what that does. Default true. */
  simplify?: boolean | readonly Simplification[];
  /**
   * Decides what tf.dropout, tf.randomUniform, tf.randomNormal, tf.truncatedNormal and tf.layers draw inside without a
   * seed of their own: other numbers at each call, and the same again in another compiled function of this seed.
   * Default: one that is drawn itself.
   */
  seed?: number;
}

export interface Compiled<Args extends readonly unknown[], Result> {
  (...args: Args): Result;
  /** Trace the function for such arguments without running it, as before `save`. Once traced, nothing happens. */
  trace(...args: Args): void;
  /** Free all graphs. The function can still be called: it is traced anew then. */
  dispose(): void;
  /** What was made of the function, for each signature that is kept. */
  inspect(): GraphInspection[];
  /**
   * What the operations of the graph for these arguments take, by kind and by line of your program; print it for a
   * table. tfjs-node does not give TensorFlow's own profile, so each operation of the graph is run by itself, five times
   * over, in turns with the whole graph; loops step by step. A single operation takes some microseconds more than in
   * the graph, so many small ones look slower than they are there. Variables and optimizers stay as they are.
   */
  profile(...args: Args): Profile;
  /**
   * Write the graph that was used last as a SavedModel, `saved_model.pb` in this folder, with the signature
   * `serving_default`: for tf.saved_model.load in Python, tf.node.loadSavedModel, TensorFlow Serving. Its shapes are
   * those of the call, but for the dimensions that `inputShapes` leaves open. Captured tensors are constants in it, and
   * so are variables unless the options keep them. Inputs and outputs are named by the keys of records, else `input_0`,
   * `input_1`, … and `output` or `output_0`, ….
   * @throws CompileError if it was not called yet, returns nothing, draws random numbers, or assigns to variables that
   * are not kept
   */
  save(folder: string, options?: SaveOptions): void;
  /**
   * The graph that was used last as data, with variables and captured tensors as constants: for what writes it in other
   * formats.
   * @throws CompileError if it was not called yet or assigns to variables
   */
  frozen(): FrozenFunction;
  /**
   * Write the graph that was used last as an event file in this folder: TensorBoard's page Graphs shows it.
   * @throws CompileError if it was not called yet
   */
  writeGraph(folder: string): void;
}

/**
 * Make a function of tensors run as one TensorFlow graph.
 *
 * The first call with new shapes or types traces the function; later calls run the graph, without any JavaScript of
 * the function. It takes tensors, variables, numbers, texts, and lists and records of them, and returns tensors, lists
 * and records of them, or nothing. Variables that it reads are read anew at each call, and what it assigns to them is
 * assigned at each call; variables that it makes only if there are none yet, such as an optimizer's, are made once.
 * What tfjs draws without a seed is drawn anew at each call.
 *
 * Everything else is fixed when it is traced, as in TensorFlow's tf.function: conditions, the lengths of loops, and
 * which tensors it takes from outside. Numbers, texts and variables as arguments are fixed too, so each of them has a
 * graph of its own. Code that puts another tensor into the place of one that the function captured is not noticed,
 * unless it disposes of the old one: then the function is traced anew. What should change is a tf.Variable or an
 * argument.
 *
 * Within a gradient (tf.grad, tf.variableGrads) the first call of a signature runs operation by operation; from the
 * second on the forward and the backward pass are a graph each. Gradients of gradients, and functions that assign to
 * variables, run operation by operation; to compile the whole gradient is faster.
 *
 * @throws CompileError at a trace, for what a graph cannot do: reading values, or shapes that depend on values, of what
 * comes from arguments or variables; numbers drawn by Math.random; a state that the function replaces itself; async
 * functions. Variables, optimizers, layers and captured tensors are then as they were
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
  const {
    name = fn.name || 'function',
    maxSignatures = 8,
    simplify = true,
    inputShapes,
    seed = Math.random() * 2 ** 31,
  } = options;
  const wanted = typeof simplify === 'boolean' ? (simplify ? simplifications : []) : simplify;
  // Neighbouring seeds lie far apart: each draw within a call adds one.
  const seeds: Seeds = { first: Math.imul(Math.floor(seed) + 1, 0x9e3779b1), calls: 0 };
  checkShapes(inputShapes);
  const graphs = new GraphCache(name, maxSignatures);

  const gradients = new GradientCalls({ name, fn, wanted, seeds }, maxSignatures);

  function call(...args: Args): Result {
    // tfjs's debug mode and tf.profile look at what each operation gives: it runs as without compile.
    if (isTracing() || tf.env().getBool('DEBUG') || tapeState().profiling) return fn(...args);
    if (tf.engine().isTapeOn()) return gradients.call(args) as Result;
    const { graph, inputs, tensors } = prepare(args);
    return graph.run(inputs, tensors) as Result;
  }

  /** The graph for these arguments, what it is fed, and the tensors among the arguments. */
  function prepare(args: readonly unknown[]): {
    graph: CompiledGraph;
    inputs: Inputs;
    tensors: tf.Tensor[];
  } {
    const signature = signatureOf(args, inputShapes);
    const { tensors } = signature;
    const found = ready(signature, args);
    if (found.graph.serves(signature)) return { ...found, tensors };
    // The function does something else where a size is 0 or 1.
    tf.dispose(found.inputs.temporary);
    const exact = signatureOf(args, inputShapes && exactly(tensors, inputShapes));
    return { ...ready(exact, args), tensors: exact.tensors };
  }

  /** The graph of a signature, traced if there is none yet, and what it is fed. */
  function ready(
    { key, tensors, unknowns }: Signature,
    args: readonly unknown[],
  ): { graph: CompiledGraph; inputs: Inputs } {
    const existing = graphs.get(key);
    const inputs = existing?.inputsFrom(tensors);
    if (existing && inputs) return { graph: existing, inputs };
    // What it took from outside is gone: perhaps the function takes something else by now.
    if (existing) graphs.delete(key);
    const graph = CompiledGraph.trace(
      name,
      { fn, structure: structureOf(args) },
      { tensors, unknowns },
      wanted,
      seeds,
    );
    graphs.add(key, graph);
    return { graph, inputs: graph.inputsFrom(tensors) as Inputs };
  }

  function lastGraph(what: string): CompiledGraph {
    const graph = graphs.last;
    if (!graph) throw errorHere(`has no graph yet (${name})`, `call it once, then ${what} it`);
    return graph;
  }

  return Object.assign(call, {
    trace: (...args: Args) => tf.dispose(prepare(args).inputs.temporary),
    dispose() {
      graphs.dispose();
      gradients.dispose();
    },
    inspect: () => graphs.entries().map(([, graph]) => graph.inspect()),
    profile(...args: Args) {
      const { graph, inputs, tensors } = prepare(args);
      return graph.profile(inputs, tensors);
    },
    frozen: () => lastGraph('freeze').frozen(),
    save: (folder: string, saveOptions?: SaveOptions) => lastGraph('save').save(folder, saveOptions),
    writeGraph: (folder: string) => lastGraph('write').writeGraph(folder),
    [inspect.custom]: () => describe(name, graphs.entries()),
  });
}

/** How it is printed: its graphs, with the types and shapes of the arguments. */
function describe(name: string, graphs: readonly [key: string, graph: CompiledGraph][]): string {
  const head = `Compiled ${name}: ${graphs.length} ${graphs.length === 1 ? 'graph' : 'graphs'}`;
  const lines = graphs.map(([key, graph]) => `  for ${key}: ${graph.inspect().numNodes} nodes`);
  return [head, ...lines].join('\n');
}
