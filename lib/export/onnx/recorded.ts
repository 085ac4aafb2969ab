/** A recorded function as a part of an ONNX graph. */
import { UserError } from '../../base/errors';
import type { FrozenFunction } from '../../compile/graph/export_model';
import type { Edge } from '../../compile/graph/graph';
import type { OnnxGraph } from './onnx_graph';
import { elementTypeOf, translate } from './operators';

/**
 * Add what the function computes.
 * @param given the names in the graph of the function's inputs, by their own names
 * @returns the names in the graph of its outputs, by their own names
 * @throws UserError for an operation that is not known in ONNX
 */
export function addRecorded(
  graph: OnnxGraph,
  { graph: recorded, inputs, outputs }: FrozenFunction,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = new Map<string, string[]>(); // by the nodes' own names, which are unique
  for (const { name, edge } of inputs) names.set(edge.node.name, [given[name]]);
  const nameOf = ({ node, output }: Edge) => (names.get(node.name) as string[])[output];
  for (const node of recorded.nodes) {
    if (node.kind === 'constant') {
      if (!ArrayBuffer.isView(node.values))
        throw new UserError(`Expected numbers in ${node.name}, found texts`);
      const [type] = node.outputs;
      names.set(node.name, [graph.constant(node.values, type.shape, elementTypeOf(type))]);
    } else if (node.kind === 'operation') {
      const found = translate({
        ...{ graph, node, inputs: node.inputs.map(nameOf) },
        types: node.inputs.map(edge => edge.node.outputs[edge.output]),
        integers: input => integersOf(node.op, node.inputs[input]),
        attribute: name => node.attributes.find(each => each.name === name)?.value,
      });
      names.set(node.name, found);
    }
  }
  return Object.fromEntries(outputs.map(({ name, edge }) => [name, nameOf(edge)]));
}

function integersOf(op: string, { node }: Edge): number[] {
  if (node.kind === 'constant' && ArrayBuffer.isView(node.values))
    return Array.from(node.values as Int32Array);
  throw new UserError(
    `Expected ${op} with fixed axes and sizes, found some that are computed from the shape of a batch: export the ` +
      'network as savedmodel',
  );
}
