/** TensorFlow.js's graph model: the recorded graph as JSON, and its constants in a file of their own. */
import { join } from 'node:path';
import { UserError } from '../base/errors';
import { writeWhole } from '../base/files/files';
import type { FrozenFunction } from '../compile/graph/export_model';
import type { Edge, GraphNode, TensorType } from '../compile/graph/graph';
import { nodeBackend, type Attribute } from '../tfjs/node_backend';
import type { PlainForward } from './forward';
import type { Source } from './source';

const names = { model: 'model.json', weights: 'weights.bin' };

/** What tf.loadGraphModel calls TensorFlow's types, in the graph and among the weights. */
const types: Readonly<Record<number, { readonly graph: string; readonly weights: string }>> = {
  1: { graph: 'DT_FLOAT', weights: 'float32' },
  3: { graph: 'DT_INT32', weights: 'int32' },
  10: { graph: 'DT_BOOL', weights: 'bool' },
};

/** @returns the files written */
export function exportTfjs(_: Source, folder: string, plain: PlainForward): string[] {
  const { json, weights } = graphModel(plain.frozen());
  writeWhole(join(folder, names.weights), weights);
  writeWhole(join(folder, names.model), [JSON.stringify(json)]);
  return Object.values(names);
}

function graphModel({ graph, inputs, outputs }: FrozenFunction): { json: object; weights: Uint8Array[] } {
  const constants = graph.nodes.flatMap(node => (node.kind === 'constant' ? [node] : []));
  const weights = constants.map(({ name, values }) => {
    if (!ArrayBuffer.isView(values)) throw new UserError(`Expected numbers in ${name}, found texts`);
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  });
  const specs = constants.map(({ name, outputs: [{ shape, dtype }] }) => ({
    ...{ name, shape, dtype: typeOf(dtype).weights },
  }));
  // Whoever runs the model names the nodes: these have the names of the signature.
  const results = outputs.map(({ name, edge }) => ({
    ...{ name, op: 'Identity', input: [reference(edge)] },
    attr: { T: { type: typeOf(edge.node.outputs[edge.output].dtype).graph } },
  }));
  const endpoints = (list: FrozenFunction['inputs'], nodeName: (name: string, edge: Edge) => string) =>
    Object.fromEntries(
      list.map(({ name, edge }) => [name, tensorInfo(nodeName(name, edge), edge.node.outputs[edge.output])]),
    );
  const json = {
    format: 'graph-model',
    generatedBy: 'Scanline',
    signature: {
      inputs: endpoints(inputs, (_, { node }) => node.name),
      outputs: endpoints(outputs, name => name),
    },
    userDefinedMetadata: { structuredOutputKeys: outputs.map(({ name }) => name) },
    modelTopology: { node: [...graph.nodes.map(toJson), ...results], versions: { producer: 1882 } },
    weightsManifest: [{ paths: [names.weights], weights: specs }],
  };
  return { json, weights };
}

function toJson(node: GraphNode): object {
  const { name, outputs } = node;
  const [{ dtype, shape }] = outputs;
  switch (node.kind) {
    case 'placeholder': {
      const attr = { dtype: { type: typeOf(dtype).graph }, shape: { shape: shapeOf(shape) } };
      return { name, op: 'Placeholder', attr };
    }
    case 'constant':
      return { name, op: 'Const', attr: { dtype: { type: typeOf(dtype).graph } } };
    case 'operation': {
      if (node.loop) {
        throw new UserError(
          'Expected a network without a loop made by scan, found one: unroll it with dynamicRnn',
        );
      }
      const attr = Object.fromEntries(node.attributes.map(each => [each.name, attributeOf(each)]));
      return { name, op: node.op, input: node.inputs.map(reference), attr };
    }
  }
}

const reference = ({ node, output }: Edge) => (output === 0 ? node.name : `${node.name}:${output}`);

/** As protocol buffers are written in JSON: integers as texts, texts in base64. */
function attributeOf({ name, type, value }: Attribute): object {
  const { binding } = nodeBackend();
  const [key, convert] = ((): [string, (each: unknown) => unknown] => {
    switch (type) {
      case binding.TF_ATTR_TYPE:
        return ['type', each => typeOf(each as number).graph];
      case binding.TF_ATTR_INT:
        return ['i', String];
      case binding.TF_ATTR_FLOAT:
        return ['f', Number];
      case binding.TF_ATTR_BOOL:
        return ['b', Boolean];
      case binding.TF_ATTR_STRING:
        return ['s', each => Buffer.from(each as string).toString('base64')];
      default:
        throw new UserError(`Expected attributes that a graph model can hold, found ${name} of type ${type}`);
    }
  })();
  return Array.isArray(value) ? { list: { [key]: value.map(convert) } } : { [key]: convert(value) };
}

function tensorInfo(name: string, { dtype, shape }: TensorType): object {
  return { name: `${name}:0`, dtype: typeOf(dtype).graph, tensorShape: shapeOf(shape) };
}

const shapeOf = (shape: readonly number[]) => ({ dim: shape.map(size => ({ size: String(size) })) });

function typeOf(dtype: number) {
  const type = types[dtype] as (typeof types)[number] | undefined;
  if (!type)
    throw new UserError(`Expected float32, int32 or bool in the graph, found TensorFlow's type ${dtype}`);
  return type;
}
