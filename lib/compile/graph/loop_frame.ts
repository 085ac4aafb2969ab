import { nodeBackend, type Attribute } from '../../tfjs/node_backend';
import type { Constant, Edge, GraphNode, Operation, Placeholder, TensorType } from './graph';

/** TensorFlow's number of the type of a handle. */
const resourceType = 20;
/** Steps that may overlap, as in tf.while_loop. */
const parallelIterations = 10;

/** A value that goes from step to step. */
export interface Carried {
  /** In this step. */
  readonly value: Edge;
  /** Say what goes into the next step. @returns the last value, outside the loop */
  close(next: Edge): Edge;
}

const integers = (): TensorType => ({ shape: [], dtype: nodeBackend().binding.TF_INT32 });

/** Where operations run: outside of all loops, or in one. TensorFlow calls the latter a frame. */
export class Frame {
  /** Of all frames. */
  readonly nodes: GraphNode[];
  private readonly names: Map<string, number>;
  private readonly entered = new Map<string, Edge>();
  private readonly constants = new Map<string, Edge>();
  private counter?: { readonly carried: Carried; readonly isGoingOn: Edge };

  /** @param steps of the loop; the outermost frame has none */
  constructor(
    private readonly outer?: Frame,
    private readonly frameName = '',
    private readonly steps = 0,
  ) {
    this.nodes = outer?.nodes ?? [];
    this.names = outer?.names ?? new Map<string, number>();
  }

  nameFor(what: string): string {
    const name = this.frameName === '' ? what : `${this.frameName}_${what}`;
    const count = this.names.get(name) ?? 0;
    this.names.set(name, count + 1);
    return `${name}_${count}`;
  }

  /** @returns its first output */
  add(node: Operation): Edge {
    this.nodes.push(node);
    return { node, output: 0 };
  }

  /** A node that has no inputs lies outside of all loops. @returns its value in this one */
  root(node: Constant | Placeholder): Edge {
    if (this.outer) return this.enter(this.outer.root(node));
    this.nodes.push(node);
    return { node, output: 0 };
  }

  /** A value of the outer frame, the same at each step. */
  enter(edge: Edge): Edge {
    const key = `${edge.node.name}:${edge.output}`;
    const known = this.entered.get(key);
    if (known) return known;
    const made = this.enterFrame(edge, true);
    this.entered.set(key, made);
    return made;
  }

  constant(value: number): Edge {
    return this.integers([], Int32Array.of(value));
  }

  /** 0, 1, …, count − 1 */
  indices(count: number): Edge {
    return this.integers(
      [count],
      Int32Array.from({ length: count }, (_, i) => i),
    );
  }

  /** A loop within this frame, of so many steps. */
  inner(name: string, steps: number): Frame {
    const frame = new Frame(this, name, steps);
    const { TF_BOOL } = nodeBackend().binding;
    const start = frame.enterFrame(this.zero(), false);
    const merge = frame.merge(start);
    const condition = { shape: [], dtype: TF_BOOL };
    const less = frame.operation('Less', [merge, frame.constant(steps)], [condition], [typeAttribute(merge)]);
    const isGoingOn = frame.operation('LoopCond', [less], [condition], []);
    frame.counter = { isGoingOn, carried: frame.switched(merge, isGoingOn) };
    return frame;
  }

  /** The place of this step's element in a sequence. */
  index(backward: boolean): Edge {
    const { value } = (this.counter as NonNullable<typeof this.counter>).carried;
    return backward ? this.arithmetic('Sub', this.constant(this.steps - 1), value) : value;
  }

  /** @param first value, in the outer frame */
  carry(first: Edge): Carried {
    const merge = this.merge(this.enterFrame(first, false));
    return this.switched(merge, (this.counter as NonNullable<typeof this.counter>).isGoingOn);
  }

  /** An array in this frame for the values of a loop's steps: its handle, and the first state of its flow. */
  tensorArray(name: string, size: number, dtype: number): Operation {
    const { TF_ATTR_BOOL, TF_ATTR_STRING, TF_ATTR_TYPE, TF_FLOAT } = nodeBackend().binding;
    const node: Operation = {
      kind: 'operation',
      name,
      op: 'TensorArrayV3',
      attributes: [
        { name: 'dtype', type: TF_ATTR_TYPE, value: dtype },
        { name: 'clear_after_read', type: TF_ATTR_BOOL, value: false },
        { name: 'tensor_array_name', type: TF_ATTR_STRING, value: name },
      ],
      // Within a loop that is over it must not be made: so it waits for the counter.
      inputs: [this.outer ? this.arithmetic('Add', this.zero(), this.constant(size)) : this.constant(size)],
      outputs: [
        { shape: [2], dtype: resourceType },
        { shape: [], dtype: TF_FLOAT },
      ],
    };
    this.add(node);
    return node;
  }

  /** Count on: to be called once, at the end. */
  close(): void {
    const { carried } = this.counter as NonNullable<typeof this.counter>;
    carried.close(this.arithmetic('Add', carried.value, this.constant(1)));
  }

  /** 0, which in a loop there is only at steps that are run: a loop in it starts from there. */
  private zero(): Edge {
    return this.counter
      ? this.arithmetic('Mul', this.counter.carried.value, this.constant(0))
      : this.constant(0);
  }

  private integers(shape: number[], values: Int32Array): Edge {
    if (this.outer) return this.enter(this.outer.integers(shape, values));
    const key = `${shape.join()} ${values.join()}`;
    const known = this.constants.get(key);
    if (known) return known;
    const outputs = [{ ...integers(), shape }];
    const made = this.root({ kind: 'constant', name: this.nameFor('loop_constant'), outputs, values });
    this.constants.set(key, made);
    return made;
  }

  private arithmetic(op: 'Add' | 'Sub' | 'Mul', a: Edge, b: Edge): Edge {
    return this.operation(op, [a, b], [integers()], [typeAttribute(a)]);
  }

  private enterFrame(edge: Edge, isConstant: boolean): Edge {
    const { TF_ATTR_BOOL, TF_ATTR_INT, TF_ATTR_STRING } = nodeBackend().binding;
    return this.operation(
      'Enter',
      [edge],
      [typeOf(edge)],
      [
        typeAttribute(edge),
        { name: 'frame_name', type: TF_ATTR_STRING, value: this.frameName },
        { name: 'is_constant', type: TF_ATTR_BOOL, value: isConstant },
        { name: 'parallel_iterations', type: TF_ATTR_INT, value: parallelIterations },
      ],
    );
  }

  private merge(start: Edge): Edge {
    const count = { name: 'N', type: nodeBackend().binding.TF_ATTR_INT, value: 2 };
    return this.operation('Merge', [start], [typeOf(start), integers()], [typeAttribute(start), count]);
  }

  private switched(merge: Edge, isGoingOn: Edge): Carried {
    const type = typeOf(merge);
    const attributes = [typeAttribute(merge)];
    const { node } = this.operation('Switch', [merge, isGoingOn], [type, type], attributes);
    const value = this.operation('Identity', [{ node, output: 1 }], [type], attributes);
    const close = (next: Edge) => {
      const nextIteration = this.operation('NextIteration', [next], [type], attributes);
      const start = merge.node as Operation;
      start.inputs = [...start.inputs, nextIteration];
      return this.operation('Exit', [{ node, output: 0 }], [type], attributes);
    };
    return { value, close };
  }

  private operation(
    op: string,
    inputs: readonly Edge[],
    outputs: readonly TensorType[],
    attributes: readonly Attribute[],
  ): Edge {
    return this.add({ kind: 'operation', name: this.nameFor(op), op, attributes, inputs, outputs });
  }
}

const typeOf = ({ node, output }: Edge): TensorType => node.outputs[output];

const typeAttribute = (edge: Edge): Attribute => ({
  name: 'T',
  type: nodeBackend().binding.TF_ATTR_TYPE,
  value: typeOf(edge).dtype,
});
