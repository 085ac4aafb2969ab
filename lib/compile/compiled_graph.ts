import { tf } from '../tfjs/tensorflow';
import type { Graph, Source } from './graph/graph';
import { exportModel, frozenFunction, type FrozenFunction, type SaveOptions } from './graph/export_model';
import { writeGraphEvent } from './graph/graph_event';
import { failedNode, reasonOf } from './graph_error';
import { feedLargeArrays } from './graph/large_arrays';
import { lowerLoops } from './graph/lower_loops';
import { nodeBackend, type NativeTensor } from '../tfjs/node_backend';
import type { Story } from './trace/story';
import { makeProgram, type Program } from './graph/program';
import { inspectGraph, type GraphInspection } from './inspection/inspection';
import { measure } from './inspection/measure';
import { makeProfile, type Profile } from './inspection/profile';
import { simplify, type Simplification } from './simplify/simplify';
import { unflatten } from '../tfjs/structure';
import type { Traceable } from './trace/run_traced';
import type { Signature } from './signature';
import { traceAnySize, type TracedAnySize } from './sizes/trace_any_size';
import { placeOfOperation, placesOfOperations } from './trace/places';
import { trace, type Traced } from './trace/trace';

/** What a graph is fed, and what of that was made for this call alone. */
export interface Inputs {
  readonly values: readonly tf.TensorInfo[];
  readonly temporary: tf.Tensor[];
}

/** What random numbers are drawn from; shared by the graphs of a function, so that no two calls draw the same. */
export interface Seeds {
  /** int32 */
  readonly first: number;
  calls: number;
}

/** A function traced for one set of shapes and types, loaded into TensorFlow. */
export class CompiledGraph {
  /** What TensorFlow gets. */
  private readonly graph: Graph;
  /** The same with loops as they were recorded. */
  private readonly recorded: Graph;
  private readonly story: Story;
  /** Large arrays that the function made, fed at each call. */
  private readonly arrays: readonly tf.Tensor[];
  private readonly program: Program;
  private readonly traceSeconds: number;
  private firstRunSeconds?: number;

  /** Whether it is the graph for these sizes of 0 and 1, as far as that was found out. */
  private readonly served = new Map<string, boolean>();
  private readonly isSameFor?: TracedAnySize['isSameFor'];

  /**
   * @param traceable what it was traced from
   * @param seeds of what it draws
   * @param start when the work on it began. Default now
   */
  constructor(
    private readonly name: string,
    private readonly traceable: Traceable,
    { graph, story, isSameFor }: Traced & Partial<TracedAnySize>,
    wanted: readonly Simplification[],
    private readonly seeds: Seeds,
    start = performance.now(),
  ) {
    this.isSameFor = isSameFor;
    this.recorded = simplify(graph, wanted);
    this.arrays = feedLargeArrays(this.recorded);
    this.graph = { ...this.recorded };
    lowerLoops(this.graph);
    this.story = story;
    try {
      this.program = makeProgram(this.graph);
    } catch (error) {
      tf.dispose([...this.arrays]);
      throw error;
    }
    this.traceSeconds = (performance.now() - start) / 1000;
  }

  /** @param call the arguments of the first call, flat, and which of their dimensions are left open */
  static trace(
    name: string,
    traceable: Traceable,
    { tensors, unknowns }: Pick<Signature, 'tensors' | 'unknowns'>,
    wanted: readonly Simplification[],
    seeds: Seeds,
  ): CompiledGraph {
    const start = performance.now();
    const seeded = { ...traceable, seed: [seeds.first, seeds.calls++] };
    const traced = unknowns ? traceAnySize(seeded, tensors, unknowns) : trace(seeded, tensors);
    return new CompiledGraph(name, traceable, traced, wanted, seeds, start);
  }

  /** Whether the function has this graph for a call with these sizes of what is left open. */
  serves({ tensors, unknowns }: Pick<Signature, 'tensors' | 'unknowns'>): boolean {
    if (!unknowns || unknowns.sizes.every(size => size > 1)) return true;
    const key = unknowns.sizes.map(size => Math.min(size, 2)).join();
    const isServed = this.served.get(key) ?? this.isSameFor?.(tensors, unknowns.sizes) ?? false;
    this.served.set(key, isServed);
    return isServed;
  }

  /**
   * @param args flat, of the shapes and types that the graph was traced for
   * @returns what the graph is fed; undefined if something from outside was disposed or set otherwise since
   */
  inputsFrom(args: readonly tf.Tensor[]): Inputs | undefined {
    const { inputs, steps, read } = this.graph;
    const isChanged = ({ optimizer, settings }: Graph['steps'][number]) =>
      settings.some(([name, value]) => Reflect.get(optimizer, name) !== value);
    const { tensorMap } = nodeBackend();
    if (steps.some(isChanged) || read.some(dataId => !tensorMap.has(dataId))) return undefined;
    const values: tf.TensorInfo[] = [];
    const temporary: tf.Tensor[] = [];
    for (const { source } of inputs) {
      const made = this.madeFor(source);
      if (made) temporary.push(made);
      const value = made ?? valueOf(source, args);
      if (!value) {
        tf.dispose(temporary);
        return undefined;
      }
      values.push(value);
    }
    return { values, temporary };
  }

  /** What is no tensor outside: a learning rate, the seed of a call, what JavaScript draws. */
  private madeFor(source: Source): tf.Tensor | undefined {
    if (source.kind === 'rate') return tf.scalar(source.sign * Number(source.optimizer.learningRate));
    if (source.kind === 'drawn') return source.draw();
    if (source.kind === 'seed') return tf.tensor1d([this.seeds.first, this.seeds.calls++], 'int32');
    return undefined;
  }

  /** @param inputs by inputsFrom; @param args those that they were made of */
  run({ values, temporary }: Inputs, args: readonly tf.Tensor[]): unknown {
    const backend = nodeBackend();
    const { results, structure, assignments, steps } = this.graph;
    const start = performance.now();
    const made = this.runProgram(backend.getInputTensorIds(values), temporary, args);
    const tensors = made.map(native => backend.createOutputTensor(native));
    this.firstRunSeconds ??= (performance.now() - start) / 1000;
    assignments.forEach(({ variable }, i) => {
      variable.assign(tensors[results.length + i]);
      tensors[results.length + i].dispose();
    });
    for (const { optimizer, count } of steps) optimizer.iterations_ = optimizer.iterations + count;
    return unflatten(structure, tensors);
  }

  private runProgram(
    ids: number[],
    temporary: readonly tf.Tensor[],
    args: readonly tf.Tensor[],
  ): NativeTensor[] {
    try {
      return this.program.run(ids);
    } catch (error) {
      const { message } = error as Error;
      const index = this.story.operations.findIndex(({ name }) => name === failedNode(message));
      if (index < 0) throw error;
      const { story, traceable } = this;
      const { op } = story.operations[index];
      const place = placeOfOperation(index, { story, traceable, args });
      const made = place ? `, made at ${place}` : '';
      throw new Error(`TensorFlow failed in ${op}${made} (in ${this.name}): ${reasonOf(message)}`, {
        cause: error,
      });
    } finally {
      for (const tensor of temporary) tensor.dispose();
    }
  }

  dispose(): void {
    this.program.dispose();
    tf.dispose([...this.arrays]);
  }

  /** Write it into a folder, as a SavedModel. */
  save(folder: string, options?: SaveOptions): void {
    exportModel(folder, this.graph, this.traceable.structure, options);
  }

  /** With all that it takes from outside as constants. */
  frozen(): FrozenFunction {
    return frozenFunction(this.graph, this.traceable.structure);
  }

  /** Write it into a folder, for TensorBoard. */
  writeGraph(folder: string): void {
    writeGraphEvent(folder, this.graph);
  }

  /** @param inputs by inputsFrom; @param args those that they were made of */
  profile({ values, temporary }: Inputs, args: readonly tf.Tensor[]): Profile {
    const { name, story, traceable } = this;
    try {
      const ids = nodeBackend().getInputTensorIds(values);
      const places = placesOfOperations({ story, traceable, args });
      return makeProfile(name, measure(this.recorded, this.program, ids), places);
    } finally {
      tf.dispose(temporary);
    }
  }

  inspect(): GraphInspection {
    const { traceSeconds, firstRunSeconds } = this;
    return inspectGraph(this.name, this.graph, { traceSeconds, firstRunSeconds });
  }
}

/** @returns the value of an input; undefined if it was disposed of, or is no longer what it was in the trace */
function valueOf(source: Source, args: readonly tf.Tensor[]): tf.TensorInfo | undefined {
  switch (source.kind) {
    case 'argument':
      return args[source.index];
    case 'variable': {
      const { variable, trainable } = source;
      return variable.isDisposed || variable.trainable !== trainable ? undefined : variable;
    }
    case 'rateTensor':
      return source.optimizer.c?.isDisposed ? undefined : source.optimizer.c;
    case 'captured':
      if (!nodeBackend().tensorMap.has(source.dataId)) return undefined;
      return { dataId: source.dataId } as tf.TensorInfo;
    case 'rate':
    case 'seed':
    case 'drawn':
      return undefined;
  }
}
