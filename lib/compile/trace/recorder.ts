import { tf } from '../../tfjs/tensorflow';
import type { Constant, Edge, GraphNode, Operation, Placeholder, Source, TensorType } from '../graph/graph';
import { castAttributes, isForeign } from './foreign_types';
import type { Interceptor } from './intercept';
import { upload, type Attribute, type NativeTensor, type Values } from '../../tfjs/node_backend';
import { impure, typeOfFirstInput } from './operations';
import { Recording } from './recording';
import * as refusals from './refusals';
import { isSameOperation, isSameValues, type Story } from './story';
import { shapeOrigin } from './value_shapes';

/**
 * Writes down what a function has tfjs-node do. With a story nothing is run: the operations must be those of the
 * story, and their outputs' shapes come from there.
 */
export class Recorder extends Recording implements Interceptor, Story {
  readonly inputs: { placeholder: Placeholder; source: Source }[] = [];
  readonly written: Values[] = [];
  readonly operations: Operation[] = [];
  readonly read: Values[] = [];
  readonly captured: object[] = [];
  /** Tensors from outside that took the place of others: the story's data by their own. */
  readonly replaced = new Map<object, object>();
  /** The constants that JavaScript wrote, by their places among all arrays. */
  readonly constants = new Map<number, Constant>();
  /** Variables that the function assigned to. */
  readonly assigned: tf.Variable[] = [];

  /** What draws the numbers of arrays anew, by their places among all arrays. */
  readonly drawn = new Map<number, () => tf.Tensor>();

  /** Not in the step of a scan, which is recorded once for all steps. */
  mayDraw = true;
  private drawing?: () => tf.Tensor;
  private readonly drawnData = new WeakSet<object>();
  /** Data that came out of JavaScript arrays during the trace. */
  private readonly born = new WeakSet<object>();
  private readonly places = new WeakMap<Values, number>();
  /** Data from outside that is no captured tensor: that of variables, and the seed. */
  private readonly known = new Map<object, Source>();
  /** What has the same value at every call. */
  private readonly constant = new WeakSet<GraphNode>();

  addArgument(tensor: tf.Tensor, index: number): void {
    this.addInput(tensor.dataId, `argument_${index}`, { kind: 'argument', index });
  }

  /** Say what a tensor is that was made outside, in case it is used. */
  expect({ dataId }: tf.Tensor, source: Source): void {
    this.known.set(dataId, source);
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

  /** @param write makes a tensor of an array; @param draw makes one in its place, at each call */
  writeDrawn<T extends tf.Tensor>(write: () => T, draw: () => T): T {
    this.drawing = draw;
    try {
      return write();
    } finally {
      this.drawing = undefined;
    }
  }

  /** Nothing of the story may be left out. */
  finish(): void {
    if (this.refusal) throw this.refusal;
    if (this.story && this.story.operations.length > this.operations.length) {
      throw refusals.otherOperation(this.story.operations[this.operations.length].op, 'nothing');
    }
  }

  executeOp(op: string, given: Attribute[], inputIds: number[], numOutputs: number): NativeTensor[] {
    if (impure.test(op) || numOutputs === 0) this.refuse(refusals.impureOperation(op));
    const inputs = inputIds.map(id => this.edgeOfId(id));
    const others = given.filter(({ name }) => name !== 'T');
    const attributes = typeOfFirstInput.has(op) ? [...others, this.typeOf(inputs[0])] : given;
    const ids = inputIds.map(id => this.converted.get(id) ?? id);
    const made = this.story
      ? this.replay(this.story, op, attributes, inputs)
      : this.native.executeOp(op, attributes, ids, numOutputs);
    const isConstant = inputs.every(({ node }) => this.constant.has(node));
    const types = inputs.map(({ node, output }) => node.outputs[output]);
    const outputs = made.map(({ shape, dtype }, i): TensorType => {
      const shapeFrom = isConstant ? undefined : shapeOrigin(op, i, attributes, types);
      return { shape, dtype, shapeFrom };
    });
    const name = this.nameFor(op);
    const node: Operation = { kind: 'operation', name, op, attributes, inputs, outputs };
    this.nodes.push(node);
    this.operations.push(node);
    if (isConstant) this.constant.add(node);
    made.forEach(({ id }, output) => this.edges.set(id, { node, output }));
    return made.map(each => this.convert(each));
  }

  createTensor(shape: number[], dtype: number, values: Values): number {
    const id = this.story ? this.nextUnrealId-- : this.native.createTensor(shape, dtype, values);
    const name = this.nameFor('constant');
    const node: Constant = { kind: 'constant', name, outputs: [{ shape, dtype }], values };
    const place = this.places.get(values);
    if (place !== undefined) this.constants.set(place, node);
    this.nodes.push(node);
    if (place === undefined || !this.drawn.has(place)) this.constant.add(node);
    this.edges.set(id, { node, output: 0 });
    return id;
  }

  /** A tensor that was made outside becomes an input: its value comes in at each call. */
  beforeUse(tensors: readonly tf.TensorInfo[]): void {
    for (const tensor of tensors) {
      const { dataId } = tensor;
      // An integer of 64 bits has no data of its own; the binding makes a constant of it.
      if (!dataId || this.born.has(dataId)) continue;
      // Its data lasts as long as any clone of it: a gradient may use a tensor that was disposed of in between.
      if (this.edgeOfData(dataId)) continue;
      const isGone = tensor instanceof tf.Tensor && tensor.isDisposed;
      if (isGone || !this.backend.tensorMap.has(dataId)) {
        this.refuse(refusals.disposedSince(tensor instanceof tf.Variable ? 'variable' : 'tensor'));
      }
      const source = this.known.get(dataId) ?? { kind: 'captured', dataId };
      if (source.kind === 'captured') this.noteCaptured(dataId);
      upload(this.backend, this.native, dataId);
      this.addInput(dataId, `${source.kind}_${this.inputs.length}`, source);
    }
  }

  beforeOutput(id: number): void {
    if (this.edges.has(id)) return;
    this.native.deleteTensor(id);
    this.refuse(refusals.unseen());
  }

  onWrite(values: Values, dataId: object): void {
    this.born.add(dataId);
    const place = this.written.length;
    const before = this.story?.written[place];
    if (this.story && !isSameValues(before, values)) {
      if (!before || !this.story.explains?.(place, before, values)) this.refuse(refusals.otherNumbers());
    }
    if (this.drawing) {
      this.drawn.set(place, this.drawing);
      this.drawnData.add(dataId);
    }
    this.places.set(values, place);
    this.written.push(values.slice()); // the caller may go on to change them
  }

  /** Only what is the same at every call can be read. @param read gets the values from TensorFlow */
  readSync(dataId: object, read: () => Values): Values {
    const edge = this.born.has(dataId) ? undefined : this.edgeOfData(dataId);
    if (this.known.has(dataId) || this.drawnData.has(dataId) || (edge && !this.constant.has(edge.node))) {
      this.refuse(refusals.readValues());
    }
    if (!edge && !this.born.has(dataId)) this.noteCaptured(dataId);
    // A second trace computes nothing: it reads what the first one read.
    const values = this.story ? this.story.read[this.read.length] : read();
    if (values === undefined) this.refuse(refusals.readValues());
    this.read.push(values);
    return values;
  }

  /** Free what only the recording needed. */
  dispose(): void {
    if (!this.story) for (const id of this.converted.values()) this.native.deleteTensor(id);
    this.converted.clear();
  }

  private replay(story: Story, op: string, attributes: Attribute[], inputs: Edge[]): NativeTensor[] {
    const before = story.operations[this.operations.length] as Operation | undefined;
    const expected = before?.op ?? 'nothing';
    if (!isSameOperation(before, op, attributes, inputs)) {
      return this.refuse(refusals.otherOperation(expected, op));
    }
    return before.outputs.map(({ shape, dtype }) => ({ id: this.nextUnrealId--, shape: [...shape], dtype }));
  }

  /** A second trace that finds another tensor goes on, to find all those that are replaced. */
  private noteCaptured(dataId: object): void {
    if (this.captured.includes(dataId)) return;
    const before = this.story?.captured[this.captured.length];
    this.captured.push(dataId);
    if (!this.story || before === dataId) return;
    this.refusal ??= refusals.replacedState();
    if (before) this.replaced.set(dataId, before);
  }

  private addInput(dataId: object, name: string, source: Source): void {
    const { id, shape, dtype } = this.backend.tensorMap.get(dataId);
    const placeholder: Placeholder = { kind: 'placeholder', name, outputs: [{ shape, dtype }] };
    this.nodes.push(placeholder);
    this.named++;
    this.inputs.push({ placeholder, source });
    if (source.kind === 'captured') this.constant.add(placeholder);
    this.edges.set(id, { node: placeholder, output: 0 });
    if (!isForeign(dtype, this.native)) return;
    const [converted] = this.executeOp('Cast', castAttributes(dtype, this.native), [id], 1);
    this.edges.set(id, this.edgeOfId(converted.id));
    this.converted.set(id, converted.id);
  }

  /** Outputs of types that tfjs does not have are converted at once: nobody sees them as they are. */
  private convert(made: NativeTensor): NativeTensor {
    if (!isForeign(made.dtype, this.native)) return made;
    const [converted] = this.executeOp('Cast', castAttributes(made.dtype, this.native), [made.id], 1);
    if (!this.story) this.native.deleteTensor(made.id);
    return converted;
  }

  private typeOf({ node, output }: Edge): Attribute {
    return { name: 'T', type: this.native.TF_ATTR_TYPE, value: node.outputs[output].dtype };
  }
}
