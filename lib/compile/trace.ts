import { tf } from '../tensorflow';
import { CompileError } from './compile_error';
import type { Graph } from './graph';
import { nodeBackend } from './node_backend';
import { Recorder, type Story } from './recorder';
import { flatten, unflatten, type Structure } from './structure';

export type TensorFunction = (...args: never[]) => unknown;

let tracing = false;
/** Whether a function is being traced now: what it calls is traced with it. */
export const isTracing = (): boolean => tracing;

/**
 * Run a function and write down what it does, as a graph. Then run it a second time, without any arithmetic, to see
 * that it does the same again: numbers drawn in JavaScript would be frozen in the graph.
 * @param structure how the tensors are nested in the list of arguments
 * @throws CompileError when the function does what a graph cannot
 */
export function trace(fn: TensorFunction, structure: Structure, tensors: readonly tf.Tensor[]): Graph {
  const { graph, story } = traceOnce(fn, structure, tensors);
  traceOnce(fn, structure, tensors, story);
  return graph;
}

function traceOnce(
  fn: TensorFunction,
  structure: Structure,
  tensors: readonly tf.Tensor[],
  story?: Story,
): { graph: Graph; story: Story } {
  const recorder = new Recorder(nodeBackend(), story);
  const variables = Object.values(tf.engine().registeredVariables);
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
    return recorder.record(() => {
      const result = flatten(fn(...(unflatten(structure, args) as never[])), 'the result');
      if (Object.keys(tf.engine().registeredVariables).length > variables.length) {
        throw new CompileError('makes a variable', 'make variables outside, once');
      }
      const assigned = variables.filter((variable, i) => variable.dataId !== copies[i]);
      const graph: Graph = {
        nodes: recorder.nodes,
        inputs: recorder.inputs,
        results: result.tensors.map(tensor => recorder.edgeOf(tensor)),
        structure: result.structure,
        assignments: assigned.map(variable => ({ variable, value: recorder.edgeOf(variable) })),
      };
      tf.dispose(result.tensors); // also those that the function keeps beyond the scope
      return { graph, story: recorder };
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
