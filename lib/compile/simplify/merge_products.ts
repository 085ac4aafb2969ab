import type { Edge, Graph, GraphNode, Operation } from '../graph/graph';
import { countUses, isTransposedProduct, redirect, stackRows, type Uses } from '../graph/rewrite';

/**
 * Σ AᵢᵀBᵢ → (A₁ over A₂ over …)ᵀ (B₁ over B₂ over …): one large product for many small ones and their sum.
 *
 * That is the gradient of a weight that is used at each time step. Product by product, every step writes a matrix of
 * the weight's size and adds it to the last; in one piece the sum stays in the processor's registers.
 * @param graph is changed; what is no longer read stays in it
 */
export function mergeProducts(graph: Graph): void {
  const uses = countUses(graph);
  const isInner = new Set<GraphNode>();
  const nodes: GraphNode[] = [];
  const replaced = new Map<GraphNode, Edge>();
  // From the end, so that the outermost addition of a sum comes first.
  for (const node of [...graph.nodes].reverse()) {
    nodes.push(node);
    const merged = isSum(node) && !isInner.has(node) ? mergeSum(node, uses, isInner) : undefined;
    if (!merged) continue;
    replaced.set(node, merged.total);
    for (const made of merged.made.reverse()) nodes.push(made);
  }
  graph.nodes = nodes.reverse();
  redirect(graph, replaced);
}

/** Of a sum over more than this, parts are made as soon as they can be: on another core, while the gradient goes on back. */
const productsAtOnce = 32;

const shapeOf = ({ node, output }: Edge) => String(node.outputs[output].shape);

/** An addition of two matrices, element by element. */
const isSum = (node: GraphNode): node is Operation =>
  node.kind === 'operation' &&
  /^Add(V2)?$/.test(node.op) &&
  node.outputs[0].shape.length === 2 &&
  node.inputs.every(input => shapeOf(input) === shapeOf({ node, output: 0 }));

/**
 * @param isInner gets the additions within the sum
 * @returns the nodes that take its place, and the sum; undefined if it has no two products
 */
function mergeSum(
  sum: Operation,
  uses: Uses,
  isInner: Set<GraphNode>,
): { made: GraphNode[]; total: Edge } | undefined {
  const terms: Edge[] = [];
  // A list of what is still to be seen, not a recursion: a sum may be deeper than the call stack.
  const ahead: Edge[] = [{ node: sum, output: 0 }];
  for (let next = ahead.pop(); next; next = ahead.pop()) {
    const { node } = next;
    if (isSum(node) && (node === sum || uses.get(node) === 1)) {
      if (node !== sum) isInner.add(node);
      ahead.push(...[...node.inputs].reverse());
    } else terms.push(next);
  }
  const isOnlyHere = ({ node }: Edge) => isTransposedProduct(node) && uses.get(node) === 1;
  const products = terms.filter(isOnlyHere).map(({ node }) => node as Operation);
  if (products.length < 2) return undefined;
  const made: GraphNode[] = [];
  const rest = terms.filter(term => !isOnlyHere(term));
  for (let start = 0; start < products.length; start += productsAtOnce) {
    const stacked = stackedProduct(
      products.slice(start, start + productsAtOnce),
      `${sum.name}_${start}`,
      sum,
    );
    made.push(...stacked);
    rest.push({ node: stacked[stacked.length - 1], output: 0 });
  }
  // From the first to the last, as they become ready.
  let total = rest[0];
  rest.slice(1).forEach((term, i) => {
    const node = { ...sum, name: `${sum.name}_sum_${i}`, inputs: [total, term] };
    made.push(node);
    total = { node, output: 0 };
  });
  return { made, total };
}

/** @returns the constants, concatenations and the product, in order */
function stackedProduct(products: readonly Operation[], name: string, { outputs }: Operation): GraphNode[] {
  const [{ attributes, op }] = products;
  const sides = [0, 1].map(side =>
    stackRows(
      products.map(({ inputs }) => inputs[side]),
      `${name}_stack_${side}`,
    ),
  );
  const inputs = sides.map(({ stack }) => ({ node: stack, output: 0 }));
  return [
    ...sides.flatMap(({ axis, stack }) => [axis, stack]),
    { kind: 'operation', name: `${name}_product`, op, attributes, inputs, outputs },
  ];
}
