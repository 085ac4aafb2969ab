import { tf } from '../tensorflow';
import { CompileError } from './compile_error';
import type { Edge, GraphNode, Operation, Placeholder, Source } from './graph';
import type { Attribute, Binding, NativeTensor, NodeBackend, Values } from './node_backend';

/** Operations whose result is not decided by their inputs, or that do something besides. */
const impure =
  /^(Random|Multinomial|TruncatedNormal|Parameterized|Write|Print|Assert|Save|Restore|Var|Read|Assign)/;

/** What a trace went through, for comparison with a second one. */
export interface Story {
  /** The arrays that JavaScript made into tensors, in order. */
  readonly written: readonly Values[];
  readonly operations: readonly Operation[];
}

/**
 * Stands between tfjs-node and its native binding and writes down each call. With a story, nothing is run: the
 * operations must be those of the story, and get their outputs' shapes from there.
 */
export class Recorder {
  readonly nodes: GraphNode[] = [];
  readonly inputs: { placeholder: Placeholder; source: Source }[] = [];
  readonly written: Values[] = [];
  readonly operations: Operation[] = [];

  private readonly native: Binding;
  /** What the ids of the native binding stand for. */
  private readonly edges = new Map<number, Edge>();
  /** Data that came out of JavaScript arrays during the trace. */
  private readonly born = new WeakSet<object>();
  private readonly variables = new Map<object, tf.Variable>();
  private readonly deleteLater: number[] = [];
  /** Ids of tensors that do not exist; the backend does not delete what is below zero. */
  private nextUnrealId = -1000;

  constructor(
    private readonly backend: NodeBackend,
    private readonly story?: Story,
  ) {
    this.native = backend.binding;
  }

  /** Run the body with this recorder in the binding's place. */
  record<T>(body: () => T): T {
    const { backend, native } = this;
    const inherited = Object.getPrototypeOf(backend) as NodeBackend;
    const upload = (tensors: readonly tf.TensorInfo[]) => inherited.getInputTensorIds.call(backend, tensors);
    // The native binding's properties are read-only: a copy with properties of its own, not an heir.
    const names = Object.getOwnPropertyNames(native);
    const binding = Object.fromEntries(
      names.map(name => [name, Reflect.get(native, name) as unknown]),
    ) as unknown as Binding;
    binding.executeOp = (...call) => this.executeOp(...call);
    binding.createTensor = (...call) => this.createTensor(...call);
    binding.deleteTensor = id => void this.deleteLater.push(id);
    binding.tensorDataSync = refuseReading;
    const replaced: Partial<NodeBackend> = {
      getInputTensorIds: tensors => {
        for (const { dataId } of tensors) if (dataId) this.captureIfForeign(dataId, upload);
        return upload(tensors);
      },
      readSync: dataId =>
        this.born.has(dataId) ? inherited.readSync.call(backend, dataId) : refuseReading(),
      write: (values, shape, dtype) => {
        this.noteWritten(values);
        const dataId = inherited.write.call(backend, values, shape, dtype);
        this.born.add(dataId);
        return dataId;
      },
    };
    backend.binding = binding;
    Object.assign(backend, replaced);
    try {
      return body();
    } finally {
      backend.binding = native;
      for (const method of Object.keys(replaced)) Reflect.deleteProperty(backend, method);
      for (const id of this.deleteLater) if (id >= 0) native.deleteTensor(id);
    }
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
    return this.edgeOfId(id);
  }

  private executeOp(
    op: string,
    attributes: Attribute[],
    inputIds: number[],
    numOutputs: number,
  ): NativeTensor[] {
    if (impure.test(op) || numOutputs === 0) {
      throw new CompileError(
        `runs TensorFlow's ${op}, which draws random numbers or acts on something outside`,
        'use randomUniform and dropout with a seed, and do the rest outside',
      );
    }
    const inputs = inputIds.map(id => this.edgeOfId(id));
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

  private replay(story: Story, op: string, attributes: Attribute[], inputs: Edge[]): NativeTensor[] {
    const before = story.operations[this.operations.length] as Operation | undefined;
    const describe = (edges: readonly Edge[]) =>
      edges.map(({ node, output }) => `${node.name}:${output}`).join();
    const same =
      before?.op === op &&
      JSON.stringify(before.attributes) === JSON.stringify(attributes) &&
      describe(before.inputs) === describe(inputs);
    if (!same) {
      throw new CompileError(
        `does something else each time: ${before?.op ?? 'nothing'} once, ${op} then`,
        'let nothing but the arguments and variables decide what it does',
      );
    }
    return before.outputs.map(({ shape, dtype }) => ({ id: this.nextUnrealId--, shape: [...shape], dtype }));
  }

  private createTensor(shape: number[], dtype: number, values: Values): number {
    const id = this.story ? this.nextUnrealId-- : this.native.createTensor(shape, dtype, values);
    const name = `constant_${this.nodes.length}`;
    const node: GraphNode = { kind: 'constant', name, outputs: [{ shape, dtype }], values };
    this.nodes.push(node);
    this.edges.set(id, { node, output: 0 });
    return id;
  }

  private noteWritten(values: Values): void {
    if (this.story && !sameValues(this.story.written[this.written.length], values)) {
      throw new CompileError(
        'makes a tensor of other numbers each time it runs (tf.randomUniform, tf.dropout, a counter, the time)',
        'the graph would hold the first ones for ever; take randomUniform and dropout with a seed, or pass the ' +
          'numbers in as an argument',
      );
    }
    this.written.push(values);
  }

  /** A tensor that was made outside: its value comes in at each call. */
  private captureIfForeign(dataId: object, upload: (tensors: readonly tf.TensorInfo[]) => unknown): void {
    if (this.born.has(dataId) || this.edges.has(this.backend.tensorMap.get(dataId).id)) return;
    const variable = this.variables.get(dataId);
    const name = `${variable ? 'variable' : 'captured'}_${this.inputs.length}`;
    const recording = this.backend.binding;
    this.backend.binding = this.native;
    upload([{ dataId } as tf.TensorInfo]);
    this.backend.binding = recording;
    this.addInput(dataId, name, variable ? { kind: 'variable', variable } : { kind: 'captured', dataId });
  }

  private addInput(dataId: object, name: string, source: Source): void {
    const { id, shape, dtype } = this.backend.tensorMap.get(dataId);
    const placeholder: Placeholder = { kind: 'placeholder', name, outputs: [{ shape, dtype }] };
    this.nodes.push(placeholder);
    this.inputs.push({ placeholder, source });
    this.edges.set(id, { node: placeholder, output: 0 });
  }

  private edgeOfId(id: number): Edge {
    const edge = this.edges.get(id);
    if (!edge) throw new CompileError('uses a kernel that bypasses TensorFlow', 'compute this part outside');
    return edge;
  }
}

function refuseReading(): never {
  throw new CompileError(
    'reads the values of a tensor (dataSync, arraySync, print, or a condition on a value)',
    'return the tensor and read it outside, or decide with tf.where',
  );
}

function sameValues(a: Values | undefined, b: Values): boolean {
  if (a === undefined || a.length !== b.length) return false;
  for (let i = 0; i < b.length; i++) {
    const [x, y] = [a[i], b[i]];
    const same = typeof x === 'object' ? Buffer.compare(x, y as Uint8Array) === 0 : Object.is(x, y);
    if (!same) return false;
  }
  return true;
}
