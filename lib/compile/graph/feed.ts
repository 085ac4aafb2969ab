import type { Edge, Graph, GraphNode, Operation, Placeholder, Source } from './graph';
import { identity, redirect } from './rewrite';

export interface Input {
  readonly placeholder: Placeholder;
  readonly source: Source;
}

/**
 * Put inputs in the place of constants.
 * @param graph is changed
 */
export function feed(graph: Graph, inputs: ReadonlyMap<GraphNode, Input>): void {
  if (inputs.size === 0) return;
  const added = [...new Set(inputs.values())];
  const outgoing = new Set([...graph.results, ...graph.assignments.map(({ value }) => value)].map(toNode));
  const copies = new Map<GraphNode, Operation>();
  for (const [node, input] of inputs) {
    if (!outgoing.has(node)) continue;
    copies.set(node, identity(`${node.name}_copy`, { node: input.placeholder, output: 0 }));
  }
  const ofResults = (edge: Edge): Edge => {
    const copy = copies.get(edge.node);
    return copy ? { node: copy, output: 0 } : edge;
  };
  graph.results = graph.results.map(ofResults);
  graph.assignments = graph.assignments.map(({ variable, value }) => ({ variable, value: ofResults(value) }));
  graph.inputs = [...graph.inputs, ...added];
  graph.nodes = [
    ...added.map(({ placeholder }) => placeholder),
    ...copies.values(),
    ...graph.nodes.filter(node => !inputs.has(node)),
  ];
  redirect(
    graph,
    new Map([...inputs].map(([node, { placeholder }]) => [node, { node: placeholder, output: 0 }])),
  );
}

const toNode = ({ node }: Edge) => node;
