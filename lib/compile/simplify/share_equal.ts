import type { Constant, Edge, Graph, GraphNode, Operation } from '../graph/graph';

/** Bytes of the largest constants that are compared: numbers and sizes, of which there are hundreds. */
const largest = 64;

/**
 * Constants of the same few numbers become one, and so do operations that do the same with the same inputs.
 *
 * A function that is traced makes each of its numbers anew wherever it uses one: a fifth of the nodes of a training step.
 * TensorFlow's own optimiser merges them as well, but every node takes it a fraction of a millisecond first.
 * @param graph is changed
 */
export function shareEqual(graph: Graph): void {
  const outgoing = new Set(
    [...graph.results, ...graph.assignments.map(({ value }) => value)].map(({ node }) => node),
  );
  const first = new Map<string, GraphNode>();
  const same = new Map<GraphNode, GraphNode>();
  const edgeName = ({ node, output }: Edge) => `${(same.get(node) ?? node).name}:${output}`;
  const keyOf = (node: GraphNode) => {
    if (node.kind === 'constant') return constantKey(node);
    return node.kind === 'operation' ? operationKey(node, edgeName) : undefined;
  };
  for (const node of graph.nodes) {
    const key = outgoing.has(node) ? undefined : keyOf(node);
    if (key === undefined) continue;
    const before = first.get(key);
    if (before) same.set(node, before);
    else first.set(key, node);
  }
  const follow = ({ node, output }: Edge): Edge => ({ node: same.get(node) ?? node, output });
  for (const node of graph.nodes) if (node.kind === 'operation') node.inputs = node.inputs.map(follow);
}

function constantKey({ outputs: [{ dtype, shape }], values }: Constant): string | undefined {
  if (!ArrayBuffer.isView(values) || values.byteLength > largest) return undefined;
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return `${dtype} [${shape.join()}] ${bytes.toString('base64')}`;
}

function operationKey(
  { op, attributes, inputs, controls, loop }: Operation,
  edgeName: (edge: Edge) => string,
): string | undefined {
  if (loop || controls || inputs.length === 0) return undefined;
  return `${op} ${JSON.stringify(attributes)} ${inputs.map(edgeName).join()}`;
}
