/** A traced function as data: what `trace` finds, what the simplifications change, what TensorFlow gets. */
import type { tf } from '../../tfjs/tensorflow';
import type { Attribute, Values } from '../../tfjs/node_backend';
import type { Structure } from '../../tfjs/structure';

export interface TensorType {
  /** -1 for a size that is not known before a call. */
  readonly shape: readonly number[];
  /** TensorFlow's number of the type. */
  readonly dtype: number;
  /** The operation that the shape comes from, if it depends on values; `shape` is then the one of the trace. */
  readonly shapeFrom?: string;
}

/** One output of a node. */
export interface Edge {
  readonly node: GraphNode;
  readonly output: number;
}

interface Node {
  /** Unique in the graph: `MatMul_12`. */
  readonly name: string;
  readonly outputs: readonly TensorType[];
}

/** A value that comes in at each call. */
export interface Placeholder extends Node {
  readonly kind: 'placeholder';
}
/** A value that was in JavaScript when the function was traced. */
export interface Constant extends Node {
  readonly kind: 'constant';
  readonly values: Values;
}
export interface Operation extends Node {
  readonly kind: 'operation';
  op: string;
  attributes: readonly Attribute[];
  inputs: readonly Edge[];
  /** What is run before it although it does not read that. */
  readonly controls?: readonly GraphNode[];
  /** What the operation `Scan` repeats: it becomes TensorFlow's own loop operations (lower_loops.ts). */
  readonly loop?: Loop;
}
export type GraphNode = Placeholder | Constant | Operation;

/**
 * A step that is run several times. The inputs of its node are, in order: the sequences, [steps, …] each; the first
 * values of what is carried; the values that are the same at each step. Its outputs are the last values of what is
 * carried, then what was stacked, [steps, …] each.
 */
export interface Loop {
  readonly steps: number;
  /** From the last elements to the first; what is stacked then lies as the elements do. */
  readonly backward: boolean;
  /** What stands in the body for an element of a sequence, for what is carried, for what is always the same. */
  readonly elements: readonly Placeholder[];
  readonly carried: readonly Placeholder[];
  readonly invariants: readonly Placeholder[];
  /** In order; reads nothing but those placeholders. */
  readonly body: readonly GraphNode[];
  /** What is carried into the next step. */
  readonly next: readonly Edge[];
  /** What each step adds to the stacks. */
  readonly stacked: readonly Edge[];
}

/** Where the value of a placeholder is found at a call. */
export type Source =
  | { readonly kind: 'argument'; readonly index: number }
  /** `trainable` at the trace: whether a gradient goes to it. */
  | { readonly kind: 'variable'; readonly variable: tf.Variable; readonly trainable: boolean }
  | { readonly kind: 'captured'; readonly dataId: object }
  /** int32 [2], another one at each call: what random numbers are drawn from. */
  | { readonly kind: 'seed' }
  /** Numbers that JavaScript draws at each call. */
  | { readonly kind: 'drawn'; readonly draw: () => tf.Tensor }
  | { readonly kind: 'rate'; readonly optimizer: Optimizer; readonly sign: 1 | -1 }
  | { readonly kind: 'rateTensor'; readonly optimizer: Optimizer };

/** What tfjs's optimizers hide: their count of steps and their settings. */
export interface Optimizer {
  readonly iterations: number;
  iterations_: number | undefined;
  incrementIterations(): void;
  learningRate: unknown;
  /** The negative learning rate, where the optimizer has it as a tensor. */
  readonly c?: tf.Tensor;
}

export interface Graph {
  /** Each node stands after those that it reads. */
  nodes: GraphNode[];
  inputs: readonly { readonly placeholder: Placeholder; readonly source: Source }[];
  /** The function's result, flat; `structure` says how it is nested. */
  results: Edge[];
  readonly structure: Structure;
  /** Data of tensors from outside whose values the function read at the trace. */
  readonly read: readonly object[];
  /** What the function assigned to variables. */
  assignments: { readonly variable: tf.Variable; readonly value: Edge }[];
  /** Optimizers of tfjs that take so many steps at each call, with their settings at the trace. */
  steps: readonly {
    readonly optimizer: Optimizer;
    readonly count: number;
    readonly settings: readonly [name: string, value: unknown][];
  }[];
}
