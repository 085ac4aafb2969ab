import type { Graph, Operation } from './graph';

/** The attributes of BatchMatMulV2, as MatMul calls them. */
const names = new Map([
  ['adj_x', 'transpose_a'],
  ['adj_y', 'transpose_b'],
]);

/**
 * BatchMatMulV2 of two matrices → MatMul. tfjs-node has but the one for batches of matrices; TensorFlow runs the plain
 * one a little faster, for it need not look for the batch.
 */
export function usePlainProducts(graph: Graph): void {
  for (const node of graph.nodes) if (node.kind === 'operation' && isOfMatrices(node)) makePlain(node);
}

const isOfMatrices = ({ op, inputs }: Operation) =>
  op === 'BatchMatMulV2' && inputs.every(({ node, output }) => node.outputs[output].shape.length === 2);

function makePlain(node: Operation): void {
  node.op = 'MatMul';
  node.attributes = node.attributes.map(each => ({ ...each, name: names.get(each.name) ?? each.name }));
}
