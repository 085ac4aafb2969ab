import type { Constant, Edge, Graph, GraphNode, Operation } from './graph';
import { nodeBackend } from './node_backend';

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
    nodes.push(...merged.made.reverse());
  }
  graph.nodes = nodes.reverse();
  const redirect = (edge: Edge) => (edge.output === 0 ? replaced.get(edge.node) : undefined) ?? edge;
  for (const node of graph.nodes) if (node.kind === 'operation') node.inputs = node.inputs.map(redirect);
  graph.results = graph.results.map(redirect);
  graph.assignments = graph.assignments.map(({ variable, value }) => ({ variable, value: redirect(value) }));
}

/** Of a sum over more than this, parts are made as soon as they can be: on another core, while the gradient goes on back. */
const productsAtOnce = 32;

type Uses = ReadonlyMap<GraphNode, number>;

function countUses({ nodes, results, assignments }: Graph): Uses {
  const uses = new Map<GraphNode, number>();
  const edges = [
    ...nodes.flatMap(node => (node.kind === 'operation' ? node.inputs : [])),
    ...results,
    ...assignments.map(({ value }) => value),
  ];
  for (const { node } of edges) uses.set(node, (uses.get(node) ?? 0) + 1);
  return uses;
}

const sameShape = (a: GraphNode, b: GraphNode) => String(a.outputs[0].shape) === String(b.outputs[0].shape);

/** An addition of two matrices, element by element. */
const isSum = (node: GraphNode): node is Operation =>
  node.kind === 'operation' &&
  /^Add(V2)?$/.test(node.op) &&
  node.outputs[0].shape.length === 2 &&
  node.inputs.every(input => sameShape(input.node, node));

/** AᵀB of two matrices of 32-bit floats. */
function isProduct(node: GraphNode): node is Operation {
  if (node.kind !== 'operation' || node.op !== 'BatchMatMulV2') return false;
  const attribute = (name: string) => node.attributes.find(each => each.name === name)?.value;
  return (
    attribute('adj_x') === true &&
    attribute('adj_y') === false &&
    node.inputs.every(({ node: input, output }) => input.outputs[output].shape.length === 2) &&
    node.outputs[0].dtype === nodeBackend().binding.TF_FLOAT
  );
}

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
  const visit = ({ node, output }: Edge) => {
    if (isSum(node) && (node === sum || uses.get(node) === 1)) {
      if (node !== sum) isInner.add(node);
      node.inputs.forEach(visit);
    } else terms.push({ node, output });
  };
  visit({ node: sum, output: 0 });
  const isOnlyHere = ({ node }: Edge) => isProduct(node) && uses.get(node) === 1;
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
  const { TF_ATTR_INT, TF_ATTR_TYPE, TF_INT32 } = nodeBackend().binding;
  const [{ attributes, op }] = products;
  const axis: Constant = {
    kind: 'constant',
    name: `${name}_axis`,
    outputs: [{ shape: [], dtype: TF_INT32 }],
    values: Int32Array.of(0),
  };
  const stack = (side: 0 | 1): Operation => {
    const parts = products.map(({ inputs }) => inputs[side]);
    const types = parts.map(({ node, output }) => node.outputs[output]);
    const rows = types.reduce((sum, { shape }) => sum + shape[0], 0);
    return {
      kind: 'operation',
      name: `${name}_stack_${side}`,
      op: 'ConcatV2',
      attributes: [
        { name: 'N', type: TF_ATTR_INT, value: parts.length },
        { name: 'T', type: TF_ATTR_TYPE, value: types[0].dtype },
        { name: 'Tidx', type: TF_ATTR_TYPE, value: TF_INT32 },
      ],
      inputs: [...parts, { node: axis, output: 0 }],
      outputs: [{ shape: [rows, types[0].shape[1]], dtype: types[0].dtype }],
    };
  };
  const stacks = [stack(0), stack(1)];
  const inputs = stacks.map(node => ({ node, output: 0 }));
  return [axis, ...stacks, { kind: 'operation', name: `${name}_product`, op, attributes, inputs, outputs }];
}
