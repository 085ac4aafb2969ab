import type { Edge, Graph, GraphNode, Operation } from '../graph/graph';
import { countUses, isTransposedProduct, redirect, stackRows, type Uses } from '../graph/rewrite';

/**
 * (A₁|B₁ over A₂|B₂ over …)ᵀ C → (A₁ over A₂ over …)ᵀ C over (B₁ over B₂ over …)ᵀ C.
 *
 * The gradient of a weight that multiplies [x, h] asks for the rows x|h of all time steps. Put side by side first and
 * over each other then, each number is copied twice; and the x are stacked once for the gates and once more for the
 * candidate. By parts they are copied once, and TensorFlow finds the stack that is there already.
 * @param graph with merged products; is changed, what is no longer read stays in it
 */
export function splitStacks(graph: Graph): void {
  const uses = countUses(graph);
  const replaced = new Map<GraphNode, Edge>();
  graph.nodes = graph.nodes.flatMap(node => {
    if (!isTransposedProduct(node)) return [node];
    const sides = sidesOf(node.inputs[0].node, uses);
    if (!sides) return [node];
    const made = productByParts(node, sides);
    replaced.set(node, { node: made[made.length - 1], output: 0 });
    return made;
  });
  redirect(graph, replaced);
}

/** The matrices that a concatenation joins along this axis; undefined for any other node. */
function joined(node: GraphNode, axis: number): Edge[] | undefined {
  if (node.kind !== 'operation' || node.op !== 'ConcatV2' || node.outputs[0].shape.length !== 2)
    return undefined;
  const last = node.inputs[node.inputs.length - 1].node;
  return last.kind === 'constant' && last.values[0] === axis ? node.inputs.slice(0, -1) : undefined;
}

const widthOf = ({ node, output }: Edge) => node.outputs[output].shape[1];

/**
 * @param stack rows over each other, each put together from the same number of parts of the same widths
 * @returns for each of the parts the list of its rows; undefined if the stack is not of this form, or if something
 * else reads the rows, so that they must be put together all the same
 */
function sidesOf(stack: GraphNode, uses: Uses): Edge[][] | undefined {
  const rows: Edge[][] = [];
  for (const { node } of joined(stack, 0) ?? []) {
    const parts = uses.get(node) === 1 ? joined(node, 1) : undefined;
    if (!parts || String(parts.map(widthOf)) !== String((rows[0] ?? parts).map(widthOf))) return undefined;
    rows.push(parts);
  }
  return rows[0]?.map((_, side) => rows.map(parts => parts[side]));
}

/** @returns the nodes that take the product's place, in order */
function productByParts(product: Operation, sides: readonly Edge[][]): GraphNode[] {
  const { name, inputs, outputs } = product;
  const [{ shape, dtype }] = outputs;
  const parts = sides.map((rows, i) => {
    const { axis, stack } = stackRows(rows, `${name}_stack_of_${i}`);
    const part: Operation = {
      ...product,
      name: `${name}_of_${i}`,
      inputs: [{ node: stack, output: 0 }, inputs[1]],
      outputs: [{ shape: [widthOf(rows[0]), shape[1]], dtype }],
    };
    return { made: [axis, stack, part], part };
  });
  const { axis, stack } = stackRows(
    parts.map(({ part }) => ({ node: part, output: 0 })),
    `${name}_of_all`,
  );
  return [...parts.flatMap(({ made }) => made), axis, stack];
}
