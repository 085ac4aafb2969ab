/** What the simplifications have in common. */
import type { Constant, Edge, Graph, GraphNode, Operation } from './graph';
import { nodeBackend } from '../../tfjs/node_backend';

/** By how many inputs and outgoing values each node is read. */
export type Uses = ReadonlyMap<GraphNode, number>;

export function countUses({ nodes, results, assignments }: Graph): Uses {
  const uses = new Map<GraphNode, number>();
  const edges = [
    ...nodes.flatMap(node => (node.kind === 'operation' ? node.inputs : [])),
    ...results,
    ...assignments.map(({ value }) => value),
  ];
  for (const { node } of edges) uses.set(node, (uses.get(node) ?? 0) + 1);
  return uses;
}

/** Whoever read the first output of a node that is replaced reads what replaces it. */
export function redirect(graph: Graph, replaced: ReadonlyMap<GraphNode, Edge>): void {
  const follow = (edge: Edge) => (edge.output === 0 ? replaced.get(edge.node) : undefined) ?? edge;
  for (const node of graph.nodes) if (node.kind === 'operation') node.inputs = node.inputs.map(follow);
  graph.results = graph.results.map(follow);
  graph.assignments = graph.assignments.map(({ variable, value }) => ({ variable, value: follow(value) }));
}

/** AᵀB of two matrices of 32-bit floats. */
export function isTransposedProduct(node: GraphNode): node is Operation {
  if (node.kind !== 'operation' || node.op !== 'BatchMatMulV2') return false;
  const attribute = (name: string) => node.attributes.find(each => each.name === name)?.value;
  return (
    attribute('adj_x') === true &&
    attribute('adj_y') === false &&
    node.inputs.every(({ node: input, output }) => input.outputs[output].shape.length === 2) &&
    node.outputs[0].dtype === nodeBackend().binding.TF_FLOAT
  );
}

/** One matrix over the other: [rows₁ + rows₂ + …, columns]. */
export function stackRows(parts: readonly Edge[], name: string): { axis: Constant; stack: Operation } {
  const types = parts.map(({ node, output }) => node.outputs[output]);
  const rows = types.reduce((sum, { shape }) => sum + shape[0], 0);
  const axis = integerConstant(`${name}_axis`, 0);
  const output = { shape: [rows, types[0].shape[1]], dtype: types[0].dtype };
  return { axis, stack: concatenate(name, parts, axis, output) };
}

/** A scalar, int32. */
export function integerConstant(name: string, value: number): Constant {
  const { TF_INT32 } = nodeBackend().binding;
  return {
    kind: 'constant',
    name,
    outputs: [{ shape: [], dtype: TF_INT32 }],
    values: Int32Array.of(value),
  };
}

/** The same value by another name: TensorFlow does not give back what it was fed. */
export function identity(name: string, edge: Edge): Operation {
  const output = edge.node.outputs[edge.output];
  const attributes = [{ name: 'T', type: nodeBackend().binding.TF_ATTR_TYPE, value: output.dtype }];
  return { kind: 'operation', name, op: 'Identity', attributes, inputs: [edge], outputs: [output] };
}

/** The parts end to end. @param output type and shape of the result */
export function concatenate(
  name: string,
  parts: readonly Edge[],
  axis: Constant,
  output: GraphNode['outputs'][number],
): Operation {
  const { TF_ATTR_INT, TF_ATTR_TYPE, TF_INT32 } = nodeBackend().binding;
  return {
    kind: 'operation',
    name,
    op: 'ConcatV2',
    attributes: [
      { name: 'N', type: TF_ATTR_INT, value: parts.length },
      { name: 'T', type: TF_ATTR_TYPE, value: output.dtype },
      { name: 'Tidx', type: TF_ATTR_TYPE, value: TF_INT32 },
    ],
    inputs: [...parts, { node: axis, output: 0 }],
    outputs: [output],
  };
}
