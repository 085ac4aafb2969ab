import { tf } from '../tfjs/tensorflow';
import { CompileError } from './compile_error';
import type { Graph } from './graph';
import { intercept } from './intercept';
import { nodeBackend } from '../tfjs/node_backend';
import { Recorder, type Story } from './recorder';
import { flatten, unflatten, type Structure } from '../tfjs/structure';

export type TensorFunction = (...args: never[]) => unknown;

/** A function of tensors, and how they are nested in its list of arguments. */
export interface Traceable {
  readonly fn: TensorFunction;
  readonly structure: Structure;
}

let tracing = false;
/** Whether a function is being traced now: what it calls is traced with it. */
export const isTracing = (): boolean => tracing;

/**
 * Run a function and write down what it does, as a graph. Then run it a second time, without any arithmetic, to see
 * that it does the same again: numbers drawn in JavaScript would be frozen in the graph.
 * @throws CompileError when the function does what a graph cannot
 */
export function trace(traceable: Traceable, tensors: readonly tf.Tensor[]): { graph: Graph; story: Story } {
  const recorder = new Recorder(nodeBackend());
  const graph = traceWith(recorder, traceable, tensors);
  const { written, operations } = recorder;
  traceWith(new Recorder(nodeBackend(), { written, operations }), traceable, tensors);
  return { graph, story: { written, operations } };
}

/** The call stack at which the function makes an operation, found by tracing it once more. */
export function stackOfOperation(
  index: number,
  story: Story,
  traceable: Traceable,
  tensors: readonly tf.Tensor[],
): string | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 200; // tfjs alone has dozens of frames in a gradient
  try {
    const recorder = new Recorder(nodeBackend(), story, index);
    traceWith(recorder, traceable, tensors);
    return recorder.stack;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function traceWith(recorder: Recorder, { fn, structure }: Traceable, tensors: readonly tf.Tensor[]): Graph {
  const variables = allVariables();
  // For the time of the trace each variable holds a copy of its value: so it can be told from outside tensors that
  // share the value, and assignments can be taken back.
  const values = variables.map(variable => variable.clone());
  tracing = true;
  tf.engine().startScope('trace');
  try {
    const copies = variables.map((variable, i) => {
      const copy = recorder.copy(values[i]);
      variable.assign(copy);
      recorder.addVariable(variable);
      return copy.dataId;
    });
    const args = tensors.map((tensor, index) => {
      const copy = recorder.copy(tensor);
      recorder.addArgument(copy, index);
      return copy;
    });
    return intercept(nodeBackend(), recorder, () => {
      const result = flatten(fn(...(unflatten(structure, args) as never[])), 'the result');
      refuseNewVariables(variables);
      const results = result.tensors.map(tensor => recorder.edgeOf(tensor));
      const assigned = variables.filter((variable, i) => variable.dataId !== copies[i]);
      const assignments = assigned.map(variable => ({ variable, value: recorder.edgeOf(variable) }));
      recorder.finish();
      // The scope frees the rest; these the function may have kept beyond it.
      tf.dispose(result.tensors.filter(tensor => !(tensor instanceof tf.Variable)));
      const { nodes, inputs } = recorder;
      return { nodes, inputs, results, structure: result.structure, assignments };
    });
  } finally {
    tracing = false;
    tf.engine().endScope();
    variables.forEach((variable, i) => {
      variable.assign(values[i]);
      values[i].dispose();
    });
  }
}

const allVariables = () => Object.values(tf.engine().registeredVariables);

function refuseNewVariables(before: readonly tf.Variable[]): void {
  const made = allVariables().filter(variable => !before.includes(variable));
  if (made.length === 0) return;
  tf.dispose(made);
  throw new CompileError('makes a variable', 'make variables outside, once');
}
