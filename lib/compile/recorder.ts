import type { tf } from '../tfjs/tensorflow';
import { CompileError } from './compile_error';
import type { Edge, GraphNode, Operation, Placeholder, Source } from './graph';
import type { Interceptor } from './intercept';
import type { Attribute, Binding, NativeTensor, NodeBackend, Values } from '../tfjs/node_backend';

/** Operations whose result is not decided by their inputs, or that do something besides. */
const impure =
  /^(Random|Multinomial|TruncatedNormal|Parameterized|Write|Print|Assert|Save|Restore|Var|Read|Assign)/;

/** Operations that tfjs-node gives no type: run by themselves they have that of their first input, a graph asks for it. */
const untyped = new Set(['ExpandDims']);

/** What a trace went through: a second one must go through the same. */
export interface Story {
  /** The arrays that JavaScript made into tensors, in order. */
  readonly written: readonly Values[];
  readonly operations: readonly Operation[];
}

/**
 * Writes down what a function has tfjs-node do. With a story nothing is run: the operations must be those of the
 * story, and their outputs' shapes come from there.
 */
export class Recorder implements Interceptor, Story {
  readonly nodes: GraphNode[] = [];
  readonly inputs: { placeholder: Placeholder; source: Source }[] = [];
  readonly written: Values[] = [];
  readonly operations: Operation[] = [];
  /** Where the operation number `watched` was made: the call stack. */
  stack?: string;

  private readonly native: Binding;
  /** What the ids of the native binding stand for. */
  private readonly edges = new Map<number, Edge>();
  /** Data that came out of JavaScript arrays during the trace. */
  private readonly born = new WeakSet<object>();
  private readonly variables = new Map<object, tf.Variable>();
  /** Ids of tensors that do not exist; the backend does not delete what is below zero. */
  private nextUnrealId = -1000;

  constructor(
    private readonly backend: NodeBackend,
    private readonly story?: Story,
    private readonly watched?: number,
  ) {
    this.native = backend.binding;
  }

  /** A tensor of the same value that is known to nobody else. Not while recording. */
  copy(tensor: tf.Tensor): tf.Tensor {
    const [id] = this.backend.getInputTensorIds([tensor]);
    const { TF_ATTR_TYPE: type } = this.native;
    const { dtype } = this.backend.tensorMap.get(tensor.dataId);
    const copy = this.story
      ? { id: this.nextUnrealId--, shape: tensor.shape, dtype }
      : this.native.executeOp('Identity', [{ name: 'T', type, value: dtype }], [id], 1)[0];
    return this.backend.createOutputTensor(copy);
  }

  addArgument(tensor: tf.Tensor, index: number): void {
    this.addInput(tensor.dataId, `argument_${index}`, { kind: 'argument', index });
  }

  /** Say that this data is the variable's value at the start. */
  addVariable(variable: tf.Variable): void {
    this.variables.set(variable.dataId, variable);
  }

  /** The node's output that a tensor stands for. Only while recording. */
  edgeOf(tensor: tf.Tensor): Edge {
    const [id] = this.backend.getInputTensorIds([tensor]);
    const edge = this.edgeOfId(id);
    if (edge.node.kind !== 'placeholder') return edge;
    // TensorFlow does not give back what it was fed.
    const [copy] = this.executeOp('Identity', [this.typeOf(edge)], [id], 1);
    return this.edgeOfId(copy.id);
  }

  /** Nothing of the story may be left out. */
  finish(): void {
    if (this.story && this.story.operations.length > this.operations.length) {
      this.refuseOtherOperation(this.story.operations[this.operations.length].op, 'nothing');
    }
  }

  executeOp(op: string, given: Attribute[], inputIds: number[], numOutputs: number): NativeTensor[] {
    if (impure.test(op) || numOutputs === 0) {
      throw new CompileError(
        `runs TensorFlow's ${op}, which draws random numbers or acts on something outside`,
        'use randomUniform and dropout with a seed, and do the rest outside',
      );
    }
    if (this.operations.length === this.watched) this.stack = new Error().stack;
    const inputs = inputIds.map(id => this.edgeOfId(id));
    const attributes = untyped.has(op) ? [...given, this.typeOf(inputs[0])] : given;
    const made = this.story
      ? this.replay(this.story, op, attributes, inputs)
      : this.native.executeOp(op, attributes, inputIds, numOutputs);
    const outputs = made.map(({ shape, dtype }) => ({ shape, dtype }));
    const name = `${op}_${this.nodes.length}`;
    const node: Operation = { kind: 'operation', name, op, attributes, inputs, outputs };
    this.nodes.push(node);
    this.operations.push(node);
    made.forEach(({ id }, output) => this.edges.set(id, { node, output }));
    return made;
  }

  createTensor(shape: number[], dtype: number, values: Values): number {
    const id = this.story ? this.nextUnrealId-- : this.native.createTensor(shape, dtype, values);
    const name = `constant_${this.nodes.length}`;
    const node: GraphNode = { kind: 'constant', name, outputs: [{ shape, dtype }], values };
    this.nodes.push(node);
    this.edges.set(id, { node, output: 0 });
    return id;
  }

  /** A tensor that was made outside becomes an input: its value comes in at each call. */
  beforeUse(tensors: readonly tf.TensorInfo[]): void {
    for (const { dataId } of tensors) {
      // An integer of 64 bits has no data of its own; the binding makes a constant of it.
      if (!dataId || this.born.has(dataId) || this.edges.has(this.backend.tensorMap.get(dataId).id)) continue;
      const variable = this.variables.get(dataId);
      const name = `${variable ? 'variable' : 'captured'}_${this.inputs.length}`;
      this.upload(dataId);
      this.addInput(dataId, name, variable ? { kind: 'variable', variable } : { kind: 'captured', dataId });
    }
  }

  beforeOutput(id: number): void {
    if (this.edges.has(id)) return;
    this.native.deleteTensor(id);
    throw unseen();
  }

  onWrite(values: Values, dataId: object): void {
    this.born.add(dataId);
    if (this.story && !sameValues(this.story.written[this.written.length], values)) {
      throw new CompileError(
        'makes a tensor of other numbers each time it runs (tf.randomUniform, tf.dropout, a counter, the time)',
        'the graph would hold the first ones for ever; take randomUniform and dropout with a seed, or pass the ' +
          'numbers in as an argument',
      );
    }
    this.written.push(values);
  }

  beforeRead(dataId: object): void {
    if (this.born.has(dataId)) return;
    throw new CompileError(
      'reads the values of a tensor (dataSync, arraySync, print, or a condition on a value)',
      'return the tensor and read it outside, or decide with tf.where',
    );
  }

  private replay(story: Story, op: string, attributes: Attribute[], inputs: Edge[]): NativeTensor[] {
    const before = story.operations[this.operations.length] as Operation | undefined;
    const describe = (edges: readonly Edge[]) =>
      edges.map(({ node, output }) => `${node.name}:${output}`).join();
    const same =
      before?.op === op &&
      JSON.stringify(before.attributes) === JSON.stringify(attributes) &&
      describe(before.inputs) === describe(inputs);
    if (!same) this.refuseOtherOperation(before?.op ?? 'nothing', op);
    return before.outputs.map(({ shape, dtype }) => ({
      id: this.nextUnrealId--,
      shape: [...shape],
      dtype,
    }));
  }

  private refuseOtherOperation(first: string, second: string): never {
    throw new CompileError(
      `does something else each time: ${first} once, ${second} then`,
      'let nothing but the arguments and variables decide what it does',
    );
  }

  /** Values that are still in JavaScript go to TensorFlow; not as a constant of the graph. */
  private upload(dataId: object): void {
    const recording = this.backend.binding;
    this.backend.binding = this.native;
    (Object.getPrototypeOf(this.backend) as NodeBackend).getInputTensorIds.call(this.backend, [
      { dataId } as tf.TensorInfo,
    ]);
    this.backend.binding = recording;
  }

  private addInput(dataId: object, name: string, source: Source): void {
    const { id, shape, dtype } = this.backend.tensorMap.get(dataId);
    const placeholder: Placeholder = { kind: 'placeholder', name, outputs: [{ shape, dtype }] };
    this.nodes.push(placeholder);
    this.inputs.push({ placeholder, source });
    this.edges.set(id, { node: placeholder, output: 0 });
  }

  private typeOf({ node, output }: Edge): Attribute {
    return { name: 'T', type: this.native.TF_ATTR_TYPE, value: node.outputs[output].dtype };
  }

  private edgeOfId(id: number): Edge {
    const edge = this.edges.get(id);
    if (!edge) throw unseen();
    return edge;
  }
}

const unseen = () =>
  new CompileError(
    'runs what a trace does not see: a SavedModel, or a kernel that bypasses TensorFlow',
    'compute this part outside',
  );

function sameValues(a: Values | undefined, b: Values): boolean {
  if (a === undefined || a.length !== b.length) return false;
  for (let i = 0; i < b.length; i++) {
    const [x, y] = [a[i], b[i]];
    const same = typeof x === 'object' ? Buffer.compare(x, y as Uint8Array) === 0 : Object.is(x, y);
    if (!same) return false;
  }
  return true;
}
