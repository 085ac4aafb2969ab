import type { tf } from '../../tfjs/tensorflow';
import type { CompileError } from '../compile_error';
import type { Edge, GraphNode, TensorType } from '../graph/graph';
import type { Attribute, Binding, NativeTensor, NodeBackend } from '../../tfjs/node_backend';
import { leavesStep, unseen } from './refusals';
import type { Story } from './story';

/** What was written down so far, and what tensors stand for in it. */
export class Recording {
  readonly nodes: GraphNode[] = [];
  /** Why the function cannot be traced, also if it caught the error that says so. */
  refusal?: CompileError;

  protected readonly native: Binding;
  /** What the ids of the native binding stand for. */
  protected readonly edges = new Map<number, Edge>();
  /** By the ids of outside tensors whose type tfjs does not have: the same as int32. */
  protected readonly converted = new Map<number, number>();
  /** Ids of tensors that do not exist; the backend does not delete what is below zero. */
  protected nextUnrealId = -1000;
  /** Nodes of a loop's body: outside of it they have no value. */
  private readonly sealed = new WeakSet<GraphNode>();
  /** All nodes so far, with the inputs and those that went into the body of a loop since. */
  protected named = 0;

  constructor(
    protected readonly backend: NodeBackend,
    protected readonly story?: Story,
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

  /** The node's output that a tensor stands for, in a loop: there it may also be an input. */
  valueOf(tensor: tf.Tensor): Edge {
    return this.edgeOfId(this.idOf(tensor));
  }

  idOf(tensor: tf.Tensor): number {
    const [id] = this.backend.getInputTensorIds([tensor]);
    return this.converted.get(id) ?? id;
  }

  /** A tensor that stands for a node's output. @param value of that, in this trace */
  standFor({ node, output }: Edge, value: NativeTensor): tf.Tensor {
    this.edges.set(value.id, { node, output });
    return this.backend.createOutputTensor(value);
  }

  /** What is not computed: by the binding, or, in a replay, not at all. */
  unrecorded(op: string, attributes: Attribute[], ids: number[], type: TensorType): NativeTensor {
    if (!this.story) return this.native.executeOp(op, attributes, ids, 1)[0];
    return { id: this.nextUnrealId--, shape: [...type.shape], dtype: type.dtype };
  }

  /** From now on these nodes are the body of a loop, and no part of the graph. */
  seal(body: ReadonlySet<GraphNode>): void {
    const kept = this.nodes.filter(node => !body.has(node));
    this.nodes.length = 0;
    for (const node of kept) this.nodes.push(node);
    for (const node of body) this.sealed.add(node);
  }

  nameFor(what: string): string {
    return `${what}_${this.named++}`;
  }

  /** What data stands for, if it is part of this recording. */
  edgeOfData(dataId: object): Edge | undefined {
    const { tensorMap } = this.backend;
    return tensorMap.has(dataId) ? this.edges.get(tensorMap.get(dataId).id) : undefined;
  }

  refuse(error: CompileError): never {
    this.refusal ??= error;
    throw error;
  }

  protected edgeOfId(id: number): Edge {
    const edge = this.edges.get(id) ?? this.refuse(unseen());
    return this.sealed.has(edge.node) ? this.refuse(leavesStep()) : edge;
  }
}
