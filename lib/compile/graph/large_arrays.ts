import { tf } from '../../tfjs/tensorflow';
import { feed, type Input } from './feed';
import type { Constant, Graph, GraphNode } from './graph';
import { nodeBackend } from '../../tfjs/node_backend';

/** Of a constant that is part of the graph. */
const mostBytes = 2 ** 20;

/**
 * Large arrays of JavaScript become inputs that are fed at each call: as constants they would be written into the
 * graph, copied by each of TensorFlow's optimisations, and held several times.
 * @param graph is changed
 * @returns the tensors that hold them; whoever owns the graph disposes of them
 */
export function feedLargeArrays(graph: Graph): tf.Tensor[] {
  const inputs = new Map<GraphNode, Input>();
  const tensors: tf.Tensor[] = [];
  for (const node of graph.nodes) {
    const type = node.kind === 'constant' ? typeOf(node) : undefined;
    if (node.kind !== 'constant' || type === undefined) continue;
    const { name, outputs, values } = node;
    const tensor = tf.keep(tf.tensor(values as Float32Array, [...outputs[0].shape], type));
    tensors.push(tensor);
    inputs.set(node, {
      placeholder: { kind: 'placeholder', name, outputs },
      source: { kind: 'captured', dataId: tensor.dataId },
    });
  }
  feed(graph, inputs);
  return tensors;
}

/** tfjs's type of a constant that is too large; undefined for all others. */
function typeOf({ values, outputs: [{ dtype }] }: Constant): tf.DataType | undefined {
  if (!ArrayBuffer.isView(values) || values.byteLength <= mostBytes) return undefined;
  const { TF_FLOAT, TF_INT32, TF_BOOL } = nodeBackend().binding;
  return ({ [TF_FLOAT]: 'float32', [TF_INT32]: 'int32', [TF_BOOL]: 'bool' } as const)[dtype];
}
