import type { Edge, Graph, GraphNode, Operation } from './graph';
import { redirect } from './rewrite';
import { nodeBackend } from '../tfjs/node_backend';

/**
 * Keeps TensorFlow's own optimiser from stacking the wrong tensor. Where all inputs of a Pack are one and the same, its
 * rewrite ReplacePackWithTileReshape (grappler, arithmetic_optimizer.cc, up to 2.21 at least) tiles that instead, but
 * takes only the name of the node that makes it: the second part of a split becomes the first. Such a Pack is written
 * as a ConcatV2 of its inputs with a new axis, which has no such rewrite.
 *
 * The optimiser finds more to be the same than is the same here: equal operations on equal inputs are merged, and
 * what changes nothing (adding zero, reshaping to the same shape) is removed. So a Pack is rewritten if all its inputs
 * may come down to one later output of one operation.
 * @param graph is changed
 */
export function guardStacks(graph: Graph): void {
  if (!graph.nodes.some(isPack)) return;
  const identities = numberOf(graph.nodes);
  const replaced = new Map<GraphNode, Edge>();
  graph.nodes = graph.nodes.flatMap(node => {
    if (!isPack(node) || !mayBeOneLaterOutput(node.inputs, identities)) return [node];
    const made = concatenation(node);
    replaced.set(node, { node: made[made.length - 1], output: 0 });
    return made;
  });
  redirect(graph, replaced);
}

const isPack = (node: GraphNode): node is Operation =>
  node.kind === 'operation' && node.op === 'Pack' && node.inputs.length > 1;

/** A number for each node; nodes of the same number compute the same. */
function numberOf(nodes: readonly GraphNode[]): ReadonlyMap<GraphNode, number> {
  const numbers = new Map<GraphNode, number>();
  const known = new Map<string, number>();
  for (const node of nodes) {
    const key = keyOf(node, numbers);
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    numbers.set(node, number);
  }
  return numbers;
}

function keyOf(node: GraphNode, numbers: ReadonlyMap<GraphNode, number>): string {
  // Larger constants are compared by nobody: each counts as another.
  const isSmall = node.kind === 'constant' && node.values.length <= 16;
  if (isSmall) return `${node.outputs[0].dtype} [${node.outputs[0].shape.join()}] ${node.values.join()}`;
  if (node.kind !== 'operation') return node.name;
  const inputs = node.inputs.map(({ node: input, output }) => `${numbers.get(input)}:${output}`);
  return `${node.op} ${JSON.stringify(node.attributes)} ${inputs.join()}`;
}

/** How far back a chain of operations is followed that may change nothing. */
const longestChain = 8;

function mayBeOneLaterOutput(inputs: readonly Edge[], identities: ReadonlyMap<GraphNode, number>): boolean {
  let common: Set<string> | undefined;
  for (const input of inputs) {
    const later = laterOutputs(input, identities);
    common = common ? new Set([...common].filter(name => later.has(name))) : later;
    if (common.size === 0) return false;
  }
  return true;
}

/** The outputs after the first, of any operation, that this edge may come down to. */
function laterOutputs(from: Edge, identities: ReadonlyMap<GraphNode, number>): Set<string> {
  const found = new Set<string>();
  let edges = [from];
  for (let steps = 0; steps < longestChain; steps++) {
    for (const { node, output } of edges) if (output > 0) found.add(`${identities.get(node)}:${output}`);
    edges = edges.flatMap(({ node }) => (node.kind === 'operation' ? node.inputs : []));
    if (edges.length > 64) edges = edges.slice(0, 64);
  }
  return found;
}

/** @returns the nodes that take the place of a Pack, in order */
function concatenation({ name, inputs, outputs, attributes }: Operation): GraphNode[] {
  const { TF_ATTR_INT, TF_ATTR_TYPE, TF_INT32 } = nodeBackend().binding;
  const [{ shape, dtype }] = outputs;
  const given = attributes.find(each => each.name === 'axis')?.value as number;
  const at = given < 0 ? given + shape.length : given;
  const axis: GraphNode = {
    kind: 'constant',
    name: `${name}_axis`,
    outputs: [{ shape: [], dtype: TF_INT32 }],
    values: Int32Array.of(at),
  };
  const type = { name: 'T', type: TF_ATTR_TYPE, value: dtype };
  const expanded = inputs.map((input, i): Operation => ({
    kind: 'operation',
    name: `${name}_input_${i}`,
    op: 'ExpandDims',
    attributes: [type, { name: 'Tdim', type: TF_ATTR_TYPE, value: TF_INT32 }],
    inputs: [input, { node: axis, output: 0 }],
    outputs: [{ shape: shape.map((size, i) => (i === at ? 1 : size)), dtype }],
  }));
  const stack: Operation = {
    kind: 'operation',
    name,
    op: 'ConcatV2',
    attributes: [
      { name: 'N', type: TF_ATTR_INT, value: inputs.length },
      type,
      { name: 'Tidx', type: TF_ATTR_TYPE, value: TF_INT32 },
    ],
    inputs: [...expanded.map(node => ({ node, output: 0 })), { node: axis, output: 0 }],
    outputs,
  };
  return [axis, ...expanded, stack];
}
