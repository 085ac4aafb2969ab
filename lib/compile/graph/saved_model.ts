/// <reference path="./api_pb.d.ts" />
/** A graph as TensorFlow's SavedModel: the form in which tfjs-node's binding can load and run it. */
import * as pb from '@tensorflow/tfjs-node/dist/proto/api_pb.js';
import type { Edge, Graph, GraphNode, TensorType } from './graph';
import { withGraphFile } from './graph_folder';
import { nodeBackend, type Attribute, type Values } from '../../tfjs/node_backend';

/** The tag under which the graph is stored; TensorFlow asks for one. */
const tag = 'serve';

/** @returns the id of the loaded graph @throws GraphFolderError if no temporary folder takes it */
export function loadGraph(graph: Pick<Graph, 'nodes'>): number {
  return withGraphFile('saved_model.pb', toSavedModel(graph), folder =>
    nodeBackend().binding.loadSavedModel(folder, tag),
  );
}

/** An input or output of a saved function. */
export interface Endpoint {
  readonly name: string;
  readonly edge: Edge;
}

/** What a SavedModel has besides its graph, for programs that do not know that. */
export interface Extras {
  /** Stored as `serving_default`. */
  readonly signature?: { readonly inputs: readonly Endpoint[]; readonly outputs: readonly Endpoint[] };
  readonly saver?: Saver;
}

/** How the variables of a graph are written and read. */
export interface Saver {
  /** The path that the names of the files begin with; to be fed. */
  readonly filename: Edge;
  /** Its value is there once the variables are written. */
  readonly saved: Edge;
  readonly restore: GraphNode;
  /** A VariableDef each. */
  readonly variables: readonly { readonly definition: Uint8Array; readonly trainable: boolean }[];
}

export function toSavedModel(graph: Pick<Graph, 'nodes'>, { signature, saver }: Extras = {}): Uint8Array {
  const metaGraph = new pb.MetaGraphDef();
  if (signature) {
    const definition = new pb.SignatureDef();
    definition.setMethodName('tensorflow/serving/predict');
    for (const { name, edge } of signature.inputs) definition.getInputsMap().set(name, tensorInfo(edge));
    for (const { name, edge } of signature.outputs) definition.getOutputsMap().set(name, tensorInfo(edge));
    metaGraph.getSignatureDefMap().set('serving_default', definition);
  }
  if (saver) addSaver(metaGraph, saver);
  const info = new pb.MetaGraphDef.MetaInfoDef();
  info.addTags(tag);
  metaGraph.setMetaInfoDef(info);
  metaGraph.setGraphDef(toGraphDef(graph));
  const model = new pb.SavedModel();
  model.setSavedModelSchemaVersion(1);
  model.addMetaGraphs(metaGraph);
  return model.serializeBinary();
}

function addSaver(metaGraph: pb.MetaGraphDef, { filename, saved, restore, variables }: Saver): void {
  const definition = new pb.SaverDef();
  definition.setFilenameTensorName(nameOf(filename));
  definition.setSaveTensorName(nameOf(saved));
  definition.setRestoreOpName(restore.name);
  definition.setVersion(2);
  metaGraph.setSaverDef(definition);
  const collections = { variables, trainable_variables: variables.filter(({ trainable }) => trainable) };
  for (const [name, members] of Object.entries(collections)) {
    const bytes = new pb.CollectionDef.BytesList();
    for (const { definition } of members) bytes.addValue(definition);
    const collection = new pb.CollectionDef();
    collection.setBytesList(bytes);
    metaGraph.getCollectionDefMap().set(name, collection);
  }
}

const nameOf = ({ node, output }: Edge) => `${node.name}:${output}`;

function tensorInfo({ node, output }: Edge): pb.TensorInfo {
  const info = new pb.TensorInfo();
  info.setName(nameOf({ node, output }));
  const { dtype, shape } = node.outputs[output];
  info.setDtype(dtype);
  info.setTensorShape(toShape(shape));
  return info;
}

export function toGraphDef({ nodes }: Pick<Graph, 'nodes'>): pb.GraphDef {
  const graphDef = new pb.GraphDef();
  const versions = new pb.VersionDef();
  versions.setProducer(1882); // TensorFlow 2.17's; what it writes any later one reads
  graphDef.setVersions(versions);
  for (const node of nodes) graphDef.addNode(toNodeDef(node));
  return graphDef;
}

function toNodeDef(node: GraphNode): pb.NodeDef {
  const nodeDef = new pb.NodeDef();
  const attributes = nodeDef.getAttrMap();
  nodeDef.setName(node.name);
  switch (node.kind) {
    case 'placeholder':
      nodeDef.setOp('Placeholder');
      attributes.set('dtype', typeValue(node.outputs[0].dtype));
      attributes.set('shape', shapeValue(node.outputs[0].shape));
      break;
    case 'constant':
      nodeDef.setOp('Const');
      attributes.set('dtype', typeValue(node.outputs[0].dtype));
      attributes.set('value', tensorValue(node.outputs[0], node.values));
      break;
    case 'operation':
      nodeDef.setOp(node.op);
      for (const input of node.inputs) nodeDef.addInput(nameOf(input));
      for (const { name } of node.controls ?? []) nodeDef.addInput(`^${name}`);
      for (const attribute of node.attributes) attributes.set(attribute.name, attributeValue(attribute));
  }
  return nodeDef;
}

function attributeValue({ name, type, value }: Attribute): pb.AttrValue {
  const { binding } = nodeBackend();
  if (Array.isArray(value) && type !== binding.TF_ATTR_SHAPE) return listValue(name, type, value as number[]);
  const attr = new pb.AttrValue();
  switch (type) {
    case binding.TF_ATTR_TYPE:
      return typeValue(value as number);
    case binding.TF_ATTR_SHAPE:
      return shapeValue(value as number[]);
    case binding.TF_ATTR_STRING:
      attr.setS(Buffer.from(value as string));
      return attr;
    case binding.TF_ATTR_INT:
      attr.setI(value as number);
      return attr;
    case binding.TF_ATTR_FLOAT:
      attr.setF(value as number);
      return attr;
    case binding.TF_ATTR_BOOL:
      attr.setB(value as boolean);
      return attr;
    default:
      throw unknownType(name, type);
  }
}

function listValue(name: string, type: number, value: (number | boolean)[]): pb.AttrValue {
  const { binding } = nodeBackend();
  const list = new pb.AttrValue.ListValue();
  switch (type) {
    case binding.TF_ATTR_TYPE:
      list.setTypeList(value as number[]);
      break;
    case binding.TF_ATTR_INT:
      list.setIList(value as number[]);
      break;
    case binding.TF_ATTR_FLOAT:
      list.setFList(value as number[]);
      break;
    case binding.TF_ATTR_BOOL:
      list.setBList(value as boolean[]);
      break;
    default:
      throw unknownType(name, type);
  }
  const attr = new pb.AttrValue();
  attr.setList(list);
  return attr;
}

const unknownType = (name: string, type: number) =>
  new Error(`Attribute ${name} has a type that is not known: ${type}`);

/** The same objects for all nodes: making them takes longer than writing them. */
const typeValues = new Map<number, pb.AttrValue>();

function typeValue(dtype: number): pb.AttrValue {
  const known = typeValues.get(dtype);
  if (known) return known;
  const attr = new pb.AttrValue();
  attr.setType(dtype);
  typeValues.set(dtype, attr);
  return attr;
}

function toShape(shape: readonly number[]): pb.TensorShape {
  const shapeDef = new pb.TensorShape();
  for (const size of shape) {
    const dim = new pb.TensorShape.Dim();
    dim.setSize(size);
    shapeDef.addDim(dim);
  }
  return shapeDef;
}

function shapeValue(shape: readonly number[]): pb.AttrValue {
  const attr = new pb.AttrValue();
  attr.setShape(toShape(shape));
  return attr;
}

function tensorValue({ shape, dtype }: TensorType, values: Values): pb.AttrValue {
  const tensor = new pb.Tensor();
  tensor.setDtype(dtype);
  tensor.setTensorShape(toShape(shape));
  if (ArrayBuffer.isView(values)) {
    tensor.setTensorContent(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  } else {
    tensor.setStringValList([...values]);
  }
  const attr = new pb.AttrValue();
  attr.setTensor(tensor);
  return attr;
}
