import { tf } from '../../tfjs/tensorflow';
import { CompileError } from '../compile_error';
import { CompiledGraph, type Seeds } from '../compiled_graph';
import type { Graph } from '../graph/graph';
import type { Simplification } from '../simplify/simplify';
import { unflatten, type Structure } from '../../tfjs/structure';
import { recordOnTape, withoutTape } from '../../tfjs/tape';
import { trace, type Traced } from '../trace/trace';
import type { TensorFunction } from '../trace/run_traced';
import { candidatesOf, gradientsOf } from './backward';
import { isFloat, type Learned } from './learn';
import { select, split } from './split';

export interface Differentiable {
  readonly name: string;
  readonly fn: TensorFunction;
  /** How the arguments are nested. */
  readonly structure: Structure;
  readonly wanted: readonly Simplification[];
  readonly seeds: Seeds;
}

/** A function as two graphs, for one signature: the forward pass, and the backward pass with what the first one saves. */
export class GradientGraphs {
  private readonly traced: Traced;
  private readonly forward: CompiledGraph;
  private readonly backward: Graph;
  /** By the sources that gradients are wanted of. */
  private readonly backwards = new Map<string, CompiledGraph>();
  /** The results that gradients come back to. */
  private readonly used: readonly number[];
  /** What has a gradient: arguments, by their numbers, and what was captured. */
  private sources: readonly (number | tf.Tensor)[] = [];
  private resultStructure: Structure = [];

  /**
   * @param tensors the arguments of a call, flat
   * @throws CompileError if the function cannot be traced, or does more than compute
   */
  constructor(
    private readonly differentiable: Differentiable,
    tensors: readonly tf.Tensor[],
    private readonly learned: Learned,
  ) {
    const { seeds, structure } = differentiable;
    const { results } = learned;
    this.used = results.flatMap(({ isUsed }, i) => (isUsed ? [i] : []));
    const incoming = this.used.map(i => tf.zeros([...results[i].shape]));
    try {
      const traceable = {
        fn: this.withGradients.bind(this) as TensorFunction,
        structure: [structure, incoming.map(() => 'tensor' as const)],
        seed: [seeds.first, seeds.calls++],
      };
      this.traced = withoutTape(() => trace(traceable, [...tensors, ...incoming]));
    } finally {
      tf.dispose(incoming);
    }
    const { graph } = this.traced;
    this.refuseUnusual(graph);
    const { forward, backward } = split(graph, tensors.length, results.length);
    this.backward = backward;
    this.forward = this.compiled(forward, structure);
  }

  /** @returns the function's result; undefined if something that it took from outside is gone */
  run(tensors: readonly tf.Tensor[]): unknown {
    const { captured, results } = this.learned;
    const isGone = captured.some(({ isDisposed }) => isDisposed);
    const inputs = isGone ? undefined : this.forward.inputsFrom(tensors);
    if (!inputs) return undefined;
    const made = this.forward.run(inputs, tensors) as tf.Tensor[];
    const outputs = made.slice(0, results.length);
    const saved = made.slice(results.length);
    // The arguments, for gradients that the graph was not made for.
    const args = withoutTape(() => tensors.map(tensor => tf.clone(tensor)));
    for (const tensor of [...saved, ...args]) tf.keep(tensor);
    const name = `compiled ${this.differentiable.name}`;
    const toTensor = (source: number | tf.Tensor) => (typeof source === 'number' ? tensors[source] : source);
    recordOnTape(
      name,
      this.sources.map(toTensor),
      this.used.map(i => outputs[i]),
      [...saved, ...args],
      (gradients, wanted) =>
        gradients.every(isPresent)
          ? this.runBackward([...gradients, ...saved], wanted)
          : this.runEagerly(args, this.used, gradients, this.sources, wanted),
    );
    const others = results.flatMap((result, i) => (isFloat(result) && !this.used.includes(i) ? [i] : []));
    const candidates = candidatesOf(tensors, captured);
    if (others.length > 0) {
      recordOnTape(
        name,
        candidates.map(toTensor),
        others.map(i => outputs[i]),
        [],
        (gradients, wanted) => this.runEagerly(args, others, gradients, candidates, wanted),
      );
    }
    return unflatten(this.resultStructure, outputs);
  }

  /** Of both passes. */
  get numOperations(): number {
    return this.traced.graph.nodes.filter(({ kind }) => kind === 'operation').length;
  }

  dispose(): void {
    this.forward.dispose();
    for (const graph of this.backwards.values()) graph.dispose();
  }

  private runBackward(args: readonly tf.Tensor[], wanted: readonly number[]): readonly tf.Tensor[] {
    const key = wanted.join();
    const graph =
      this.backwards.get(key) ??
      this.compiled(
        select(this.backward, wanted),
        args.map(() => 'tensor' as const),
      );
    this.backwards.set(key, graph);
    const inputs = graph.inputsFrom(args);
    if (!inputs) throw new Error('Expected what the forward pass has saved, found that it was disposed');
    return graph.run(inputs, args) as tf.Tensor[];
  }

  /**
   * For gradients of other results than before: a gradient of zero would not do for a result that nothing depends on,
   * as zero times infinity is no number.
   */
  private runEagerly(
    tensors: readonly tf.Tensor[],
    results: readonly number[],
    gradients: readonly (tf.Tensor | null)[],
    sources: readonly (number | tf.Tensor)[],
    wanted: readonly number[],
  ): tf.Tensor[] {
    if (this.traced.graph.inputs.some(({ source }) => source.kind === 'seed')) {
      throw new CompileError(
        'draws random numbers, and of which another result than before is used in a gradient',
        'compile the gradient itself',
      );
    }
    const { fn, structure } = this.differentiable;
    const { captured } = this.learned;
    const incoming = this.learned.results.map((_, i) => gradients[results.indexOf(i)] ?? undefined);
    const args = unflatten(structure, tensors) as unknown as unknown[];
    const all = withoutTape(() => gradientsOf(fn, args, captured, incoming));
    tf.dispose(all.results);
    const candidates = candidatesOf(tensors, captured);
    return wanted.map(i => {
      const gradient = all.gradients[candidates.indexOf(sources[i])];
      const source = sources[i];
      return gradient ?? tf.zerosLike(typeof source === 'number' ? tensors[source] : source);
    });
  }

  /** What is traced: the function's results, then its gradients. */
  private withGradients(args: readonly unknown[], incoming: readonly tf.Tensor[]): tf.Tensor[] {
    const { captured, results } = this.learned;
    const byResult = results.map((_, i) => incoming[this.used.indexOf(i)] as tf.Tensor | undefined);
    const made = gradientsOf(this.differentiable.fn, args, captured, byResult);
    this.resultStructure = made.structure;
    this.sources = made.sources.filter((_, i) => made.gradients[i]);
    return [...made.results, ...made.gradients.filter(isPresent)];
  }

  private refuseUnusual({ steps, inputs, assignments }: Graph): void {
    const known = new Set(this.learned.captured.map(({ dataId }) => dataId));
    const isUnknown = inputs.some(
      ({ source, placeholder }) =>
        source.kind === 'captured' && !known.has(source.dataId) && placeholder.outputs[0].dtype === 1,
    );
    const isDrawn = inputs.some(({ source }) => source.kind === 'drawn');
    if (isDrawn || steps.length > 0 || isUnknown || assignments.length > 0) {
      throw new CompileError(
        'trains, assigns to variables, or calls tf.rand, within a gradient',
        'do so outside',
      );
    }
  }

  private compiled(graph: Graph, structure: Structure): CompiledGraph {
    const { name, fn, wanted, seeds } = this.differentiable;
    return new CompiledGraph(name, { fn, structure }, { graph, story: this.traced.story }, wanted, seeds);
  }
}

const isPresent = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;
