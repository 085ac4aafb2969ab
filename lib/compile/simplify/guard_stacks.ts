import type { Edge, Graph, GraphNode, Loop, Operation } from '../graph/graph';
import { concatenate, integerConstant, redirect } from '../graph/rewrite';
import { nodeBackend } from '../../tfjs/node_backend';

/**
 * Keeps TensorFlow's own optimiser from stacking the wrong tensor. Where all inputs of a Pack are one and the same, its
 * rewrite ReplacePackWithTileReshape (grappler, arithmetic_optimizer.cc, up to 2.21 at least) tiles that instead, but
 * takes only the name of the node that makes it: the second part of a split becomes the first. Such a Pack is written
 * as a ConcatV2 of its inputs with a new axis, which has no such rewrite.
 *
 * The optimiser finds more to be the same than is the same here: equal operations on equal inputs are merged, and
 * what changes nothing (adding zero, reshaping to the same shape) is removed, before a split as well as after it. So a
 * Pack is rewritten if all its inputs may come down to later outputs of one number, whatever they are outputs of.
 * @param graph is changed; @param inLoop whether it is the body of a loop. Default false
 */
export function guardStacks(graph: Graph, inLoop = false): void {
  guard(graph, inLoop);
  for (const node of graph.nodes) {
    if (node.kind === 'operation' && node.loop) Object.assign(node, { loop: guardBody(node.loop) });
  }
}

/** What comes into the body of a loop is a later output itself: of a Switch (see lower_loops.ts). */
function guardBody(loop: Loop): Loop {
  const graph: Graph = {
    nodes: [...loop.body],
    inputs: [],
    results: [...loop.next, ...loop.stacked],
    structure: [],
    read: [],
    assignments: [],
    steps: [],
  };
  guardStacks(graph, true);
  const { nodes: body, results } = graph;
  return {
    ...loop,
    body,
    next: results.slice(0, loop.next.length),
    stacked: results.slice(loop.next.length),
  };
}

function guard(graph: Graph, inLoop: boolean): void {
  const replaced = new Map<GraphNode, Edge>();
  const nodes = graph.nodes.flatMap(node => {
    if (!isPack(node) || !mayBeOneLaterOutput(node.inputs, inLoop)) return [node];
    const made = concatenation(node);
    replaced.set(node, { node: made[made.length - 1], output: 0 });
    return made;
  });
  if (replaced.size === 0) return;
  graph.nodes = nodes;
  redirect(graph, replaced);
}

const isPack = (node: GraphNode): node is Operation =>
  node.kind === 'operation' && node.op === 'Pack' && node.inputs.length > 1;

/** Operations that always change what they are given, even twice over. */
const changing =
  /^(Sigmoid|Tanh|Exp|Expm1|Log|Log1p|Square|Sqrt|Rsqrt|Relu|Relu6|Elu|Selu|LeakyRelu|Softplus|Softmax|Erf|Sin|Cos|(Batch)?MatMul(V2)?|Conv.*)$/;

/** How many nodes are looked at behind one input; with more of them it may come down to anything. */
const mostSeen = 100;

function mayBeOneLaterOutput(inputs: readonly Edge[], inLoop: boolean): boolean {
  let common: Set<number> | undefined;
  for (const input of inputs) {
    const later = laterOutputs(input, inLoop);
    if (later) common = common ? new Set([...common].filter(output => later.has(output))) : later;
    if (common?.size === 0) return false;
  }
  return true;
}

/**
 * @returns the numbers of the outputs, but the first, of any operation, that this edge may come down to; undefined if
 * that takes too long to find out
 */
function laterOutputs(from: Edge, inLoop: boolean): Set<number> | undefined {
  const found = new Set<number>();
  const seen = new Set<GraphNode>();
  const ahead = [from];
  for (let edge = ahead.pop(); edge; edge = ahead.pop()) {
    const { node, output } = edge;
    if (output > 0) found.add(output);
    if (inLoop && node.kind === 'placeholder') found.add(1);
    if (seen.has(node) || node.kind !== 'operation' || changing.test(node.op)) continue;
    if (seen.add(node).size > mostSeen) return undefined;
    ahead.push(...node.inputs);
  }
  return found;
}

/** @returns the nodes that take the place of a Pack, in order */
function concatenation({ name, inputs, outputs, attributes }: Operation): GraphNode[] {
  const { TF_ATTR_TYPE, TF_INT32 } = nodeBackend().binding;
  const [{ shape, dtype }] = outputs;
  const given = attributes.find(each => each.name === 'axis')?.value as number;
  const at = given < 0 ? given + shape.length : given;
  const axis = integerConstant(`${name}_axis`, at);
  const type = { name: 'T', type: TF_ATTR_TYPE, value: dtype };
  const expanded = inputs.map((input, i): Operation => ({
    kind: 'operation',
    name: `${name}_input_${i}`,
    op: 'ExpandDims',
    attributes: [type, { name: 'Tdim', type: TF_ATTR_TYPE, value: TF_INT32 }],
    inputs: [input, { node: axis, output: 0 }],
    outputs: [{ shape: shape.map((size, i) => (i === at ? 1 : size)), dtype }],
  }));
  const parts = expanded.map(node => ({ node, output: 0 }));
  return [axis, ...expanded, concatenate(name, parts, axis, outputs[0])];
}
