/** A graph that computes results and their gradients, cut in two where the gradients of the results come in. */
import { CompileError } from '../compile_error';
import type { Edge, Graph, GraphNode, Operation, Placeholder } from '../graph/graph';
import { identity } from '../graph/rewrite';

export interface Split {
  /** Gives the results, then the residuals: what the backward pass needs of the forward pass. */
  readonly forward: Graph;
  /** Takes the gradients of the results, then the residuals. */
  readonly backward: Graph;
}

/**
 * @param graph gives the results, then gradients; stays as it is
 * @param numArguments how many of its arguments are the function's own; the others are gradients of results
 * @param numResults how many of its results are no gradients
 */
export function split(graph: Graph, numArguments: number, numResults: number): Split {
  const isGradient = ({ source }: Graph['inputs'][number]) =>
    source.kind === 'argument' && source.index >= numArguments;
  const incoming = graph.inputs.filter(isGradient).map(({ placeholder }) => placeholder);
  const isBackward = nodesBehind(incoming, graph);
  const results = graph.results.slice(0, numResults);
  if ([...results, ...graph.assignments.map(({ value }) => value)].some(({ node }) => isBackward.has(node))) {
    throw new CompileError('has a result that depends on its own gradient', 'compute that outside');
  }
  const residuals = new Map<string, { edge: Edge; placeholder: Placeholder }>();
  const copies = new Map<GraphNode, GraphNode>();
  const constants = new Set<GraphNode>();
  /** An edge of the whole graph, as the backward pass has it. */
  function across(edge: Edge): Edge {
    const { node, output } = edge;
    if (isBackward.has(node)) return { node: copies.get(node) ?? node, output };
    if (node.kind === 'constant') {
      constants.add(node);
      return edge;
    }
    const key = `${node.name}:${output}`;
    const outputs = [node.outputs[output]];
    const made = residuals.get(key) ?? {
      edge,
      placeholder: { kind: 'placeholder', name: `residual_${residuals.size}`, outputs },
    };
    residuals.set(key, made);
    return { node: made.placeholder, output: 0 };
  }
  const operations: Operation[] = [];
  for (const node of graph.nodes) {
    if (node.kind !== 'operation' || !isBackward.has(node)) continue;
    const copy = { ...node, inputs: node.inputs.map(across) };
    copies.set(node, copy);
    operations.push(copy);
  }
  const gradients = graph.results.slice(numResults).map((edge, i) => identity(`gradient_${i}`, across(edge)));
  const saved = [...residuals.values()];
  const toSave = saved.map(({ edge }, i) => identity(`saved_${i}`, edge));
  const placeholders = [...incoming, ...saved.map(({ placeholder }) => placeholder)];
  return {
    forward: {
      ...graph,
      nodes: [...graph.nodes.filter(node => !isBackward.has(node)), ...toSave],
      inputs: graph.inputs.filter(input => !isGradient(input)),
      results: [...results, ...toSave.map(edgeOf)],
      structure: [...results, ...toSave].map(() => 'tensor' as const),
    },
    backward: {
      nodes: [...placeholders, ...constants, ...operations, ...gradients],
      inputs: placeholders.map((placeholder, index) => ({
        placeholder,
        source: { kind: 'argument', index },
      })),
      results: gradients.map(edgeOf),
      structure: gradients.map(() => 'tensor' as const),
      read: [],
      assignments: [],
      steps: [],
    },
  };
}

/** The same graph with some of its results only. */
export function select(graph: Graph, wanted: readonly number[]): Graph {
  const results = wanted.map(i => graph.results[i]);
  return { ...graph, results, structure: results.map(() => 'tensor' as const) };
}

const edgeOf = (node: GraphNode): Edge => ({ node, output: 0 });

/** These nodes, and all that read them, directly or not. */
function nodesBehind(first: readonly GraphNode[], { nodes }: Graph): Set<GraphNode> {
  const found = new Set(first);
  for (const node of nodes) {
    if (node.kind === 'operation' && node.inputs.some(input => found.has(input.node))) found.add(node);
  }
  return found;
}
