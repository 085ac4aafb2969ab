/** What a scan's recorded step becomes: a loop in the graph, and another one backward for its gradient. */
import type { Edge, GraphNode, Loop, Operation, Placeholder, TensorType } from '../../graph/graph';

export const typeOf = ({ node, output }: Edge): TensorType => node.outputs[output];

const keyOf = ({ node, output }: Edge) => `${node.name}:${output}`;

/** @returns those of the nodes that depend on any of these */
export function dependentOn(nodes: readonly GraphNode[], on: Iterable<GraphNode>): Set<GraphNode> {
  const found = new Set(on);
  const given = new Set(found);
  for (const node of nodes) {
    if (node.kind === 'operation' && node.inputs.some(input => found.has(input.node))) found.add(node);
  }
  for (const node of given) found.delete(node);
  return found;
}

/** Placeholders within a body for edges outside it, each once. */
export class Entrances {
  readonly placeholders: Placeholder[] = [];
  readonly edges: Edge[] = [];
  private readonly known = new Map<string, Placeholder>();

  constructor(private readonly nameFor: (what: string) => string) {}

  get(edge: Edge): Edge {
    const key = keyOf(edge);
    let placeholder = this.known.get(key);
    if (!placeholder) {
      placeholder = { kind: 'placeholder', name: this.nameFor('entrance'), outputs: [typeOf(edge)] };
      this.known.set(key, placeholder);
      this.placeholders.push(placeholder);
      this.edges.push(edge);
    }
    return { node: placeholder, output: 0 };
  }
}

/** A body that is closed: it reads nothing outside but by way of placeholders. */
export interface Body {
  readonly nodes: readonly GraphNode[];
  /** What stands in the body for an edge as it was recorded. */
  readonly inside: (edge: Edge) => Edge;
}

/** @param entrance what stands for an edge that is not of these nodes; @param nameOf a node. Default: its own name */
export function closeBody(
  nodes: Iterable<GraphNode>,
  entrance: (edge: Edge) => Edge,
  nameOf = ({ name }: GraphNode) => name,
): Body {
  const copies = new Map<GraphNode, GraphNode>();
  const inside = (edge: Edge): Edge => {
    const copy = copies.get(edge.node);
    return copy ? { node: copy, output: edge.output } : entrance(edge);
  };
  for (const node of nodes) {
    const copy =
      node.kind === 'operation' ? { ...node, name: nameOf(node), inputs: node.inputs.map(inside) } : node;
    copies.set(node, copy);
  }
  return { nodes: [...copies.values()], inside };
}

/** @param inputs the sequences, then the first values of what is carried, then what is always the same */
export function loopNode(name: string, inputs: readonly Edge[], loop: Loop): Operation {
  const stacks = loop.stacked
    .map(typeOf)
    .map(({ shape, dtype }) => ({ shape: [loop.steps, ...shape], dtype }));
  const outputs = [...loop.carried.map(({ outputs: [type] }) => type), ...stacks];
  return { kind: 'operation', name, op: 'Scan', attributes: [], inputs, outputs, loop };
}
