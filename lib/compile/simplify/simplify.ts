import type { Edge, Graph, GraphNode } from '../graph/graph';
import { guardStacks } from './guard_stacks';
import { mergeProducts } from './merge_products';
import { shareEqual } from './share_equal';
import { splitStacks } from './split_stacks';

/** In this order: each works on what those before it make. */
const passes = { mergeProducts, splitStacks, shareEqual };

export type Simplification = keyof typeof passes;
export const simplifications = Object.keys(passes) as Simplification[];

/**
 * The same graph with fewer or faster nodes: what TensorFlow's own optimiser does not do, and what was measured to
 * help: `npm run bench -- simplify` leaves out one after the other. And in any case what keeps its optimiser from
 * making mistakes.
 * @param graph stays as it is: errors are explained by it
 * @param wanted the simplifications to be made
 */
export function simplify(graph: Graph, wanted: readonly Simplification[]): Graph {
  const simple = copyOf(graph);
  for (const name of simplifications.filter(each => wanted.includes(each))) {
    passes[name](simple);
    removeUnread(simple);
  }
  guardStacks(simple);
  return simple;
}

function copyOf(graph: Graph): Graph {
  const copies = new Map<GraphNode, GraphNode>();
  const copyEdge = ({ node, output }: Edge): Edge => ({ node: copies.get(node) ?? node, output });
  const nodes = graph.nodes.map(node => {
    const copy = node.kind === 'operation' ? { ...node, inputs: node.inputs.map(copyEdge) } : node;
    copies.set(node, copy);
    return copy;
  });
  const assignments = graph.assignments.map(({ variable, value }) => ({ variable, value: copyEdge(value) }));
  return { ...graph, nodes, results: graph.results.map(copyEdge), assignments };
}

/** Take away what nothing reads, except for the inputs. */
function removeUnread(graph: Graph): void {
  const outgoing = [...graph.results, ...graph.assignments.map(({ value }) => value)];
  const read = new Set(outgoing.map(({ node }) => node));
  for (const node of [...graph.nodes].reverse()) {
    if (node.kind === 'operation' && read.has(node)) for (const input of node.inputs) read.add(input.node);
  }
  graph.nodes = graph.nodes.filter(node => node.kind === 'placeholder' || read.has(node));
}
