/**
 * Variables as parts of a graph, with what writes and reads their values: the nodes that tf.compat.v1.train.Saver adds
 * in Python. tfjs-node cannot run SaveV2 by itself, having no attributes that are lists of types; a graph has them.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytesField, concat, integerField } from '../../tfjs/event_records';
import { nodeBackend, type Attribute } from '../../tfjs/node_backend';
import type { tf } from '../../tfjs/tensorflow';
import type { Constant, Edge, GraphNode, Operation, TensorType } from './graph';
import { loadGraph, type Saver } from './saved_model';

export interface InnerVariables {
  readonly nodes: readonly GraphNode[];
  readonly handles: ReadonlyMap<tf.Variable, Edge>;
  /** Their values at the start of a call. */
  readonly reads: ReadonlyMap<tf.Variable, Edge>;
  readonly saver: Saver;
}

interface InnerVariable {
  readonly variable: tf.Variable;
  readonly type: TensorType;
  readonly handle: Operation;
  readonly read: Operation;
}

/** @param taken names of other nodes of the graph */
export function innerVariables(variables: readonly tf.Variable[], taken: Iterable<string>): InnerVariables {
  const names = new Set(taken);
  const inner = variables.map(variable => innerVariable(variable, freeName(variable.name, names)));
  const { nodes, saver } = makeSaver(inner);
  return {
    nodes: [...inner.flatMap(({ handle, read }) => [handle, read]), ...nodes],
    handles: new Map(inner.map(({ variable, handle }) => [variable, first(handle)])),
    reads: new Map(inner.map(({ variable, read }) => [variable, first(read)])),
    saver,
  };
}

/** Write the values of now into this folder, as `variables.index` and `variables.data-00000-of-00001`. */
export function writeValues(folder: string, { nodes, reads, saver }: InnerVariables): void {
  mkdirSync(folder, { recursive: true });
  const backend = nodeBackend();
  const { binding } = backend;
  const path = binding.createTensor([], binding.TF_STRING, [Buffer.from(join(folder, 'variables'))]);
  const graph = loadGraph({ nodes: [...nodes] });
  try {
    // What reads a variable is fed: this graph's own variables hold nothing.
    const ids = [path, ...backend.getInputTensorIds([...reads.keys()])];
    const names = [saver.filename, ...reads.values()].map(({ node }) => `${node.name}:0`);
    const [saved] = binding.runSavedModel(graph, ids, names.join(), `${saver.saved.node.name}:0`);
    binding.deleteTensor(saved.id);
  } finally {
    binding.deleteSavedModel(graph);
    binding.deleteTensor(path);
  }
}

/** What sets a variable, once all are read. */
export function assignNode(
  { handles, reads }: InnerVariables,
  variable: tf.Variable,
  value: Edge,
): Operation {
  const handle = handles.get(variable) as Edge;
  const { dtype } = value.node.outputs[value.output];
  const controls = [...reads.values()].map(({ node }) => node);
  return operation(`${handle.node.name}/AssignVariableOp`, 'AssignVariableOp', [handle, value], {
    attributes: [typeAttribute('dtype', dtype)],
    controls,
  });
}

function innerVariable(variable: tf.Variable, name: string): InnerVariable {
  const { binding, tensorMap } = nodeBackend();
  const { dtype } = tensorMap.get(variable.dataId);
  const type = { shape: variable.shape, dtype };
  const attributes = [typeAttribute('dtype', dtype)];
  const handle = operation(name, 'VarHandleOp', [], {
    attributes: [
      ...attributes,
      { name: 'shape', type: binding.TF_ATTR_SHAPE, value: variable.shape },
      { name: 'shared_name', type: binding.TF_ATTR_STRING, value: name },
    ],
    outputs: [{ shape: [], dtype: binding.TF_RESOURCE }],
  });
  const read = operation(`${name}/Read/ReadVariableOp`, 'ReadVariableOp', [first(handle)], {
    attributes,
    outputs: [type],
  });
  return { variable, type, handle, read };
}

/** The variable's own, as far as TensorFlow takes it. @param names gets it */
function freeName(name: string, names: Set<string>): string {
  const plain = name.replace(/[^A-Za-z0-9._/-]/g, '_').replace(/^[^A-Za-z0-9.]/, 'v$&');
  let free = plain;
  for (let count = 1; names.has(free); count++) free = `${plain}_${count}`;
  names.add(free);
  return free;
}

function makeSaver(inner: readonly InnerVariable[]): { nodes: readonly GraphNode[]; saver: Saver } {
  const { TF_ATTR_SHAPE, TF_STRING } = nodeBackend().binding;
  const text = { shape: [], dtype: TF_STRING };
  const given = texts('save/filename/input', ['model'], []);
  const filename = operation('save/filename', 'PlaceholderWithDefault', [first(given)], {
    attributes: [typeAttribute('dtype', TF_STRING), { name: 'shape', type: TF_ATTR_SHAPE, value: [] }],
    outputs: [text],
  });
  const names = texts('save/names', inner.map(({ handle }) => handle.name)); // prettier-ignore
  const slices = texts('save/slices', inner.map(() => '')); // prettier-ignore
  const given3 = [filename, names, slices].map(first);
  const dtypes = typeAttribute('dtypes', inner.map(({ type }) => type.dtype)); // prettier-ignore
  const save = operation('save/SaveV2', 'SaveV2', [...given3, ...inner.map(({ read }) => first(read))], {
    attributes: [dtypes],
  });
  const saved = operation('save/saved', 'Identity', [first(filename)], {
    attributes: [typeAttribute('T', TF_STRING)],
    outputs: [text],
    controls: [save],
  });
  const values = operation('save/RestoreV2', 'RestoreV2', given3, {
    attributes: [dtypes],
    outputs: inner.map(({ type }) => type),
  });
  const assigns = inner.map(({ handle, type }, output) =>
    operation(`save/assign_${output}`, 'AssignVariableOp', [first(handle), { node: values, output }], {
      attributes: [typeAttribute('dtype', type.dtype)],
    }),
  );
  const restore = operation('save/restore_all', 'NoOp', [], { controls: assigns });
  const variables = inner.map(({ variable: { trainable }, handle, read }, i) => ({
    trainable,
    definition: variableDefinition(handle, assigns[i], read, trainable),
  }));
  return {
    nodes: [given, filename, names, slices, save, saved, values, ...assigns, restore],
    saver: { filename: first(filename), saved: first(saved), restore, variables },
  };
}

/** VariableDef: variable_name = 1, initializer_name = 2, snapshot_name = 3, is_resource = 5, trainable = 7. */
function variableDefinition(
  handle: GraphNode,
  initializer: GraphNode,
  read: GraphNode,
  trainable: boolean,
): Uint8Array {
  return concat(
    bytesField(1, Buffer.from(`${handle.name}:0`)),
    bytesField(2, Buffer.from(initializer.name)),
    bytesField(3, Buffer.from(`${read.name}:0`)),
    integerField(5, 1),
    integerField(7, Number(trainable)),
  );
}

const first = (node: GraphNode): Edge => ({ node, output: 0 });

const typeAttribute = (name: string, value: number | readonly number[]): Attribute => ({
  name,
  type: nodeBackend().binding.TF_ATTR_TYPE,
  value,
});

function operation(
  name: string,
  op: string,
  inputs: readonly Edge[],
  more: Partial<Pick<Operation, 'attributes' | 'outputs' | 'controls'>>,
): Operation {
  return { kind: 'operation', name, op, inputs, attributes: [], outputs: [], ...more };
}

/** @param shape default: a list */
function texts(
  name: string,
  values: readonly string[],
  shape: readonly number[] = [values.length],
): Constant {
  const outputs = [{ shape, dtype: nodeBackend().binding.TF_STRING }];
  return { kind: 'constant', name, outputs, values: values.map(value => Buffer.from(value)) };
}
