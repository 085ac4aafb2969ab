/**
 * Loops as TensorFlow's executor runs them: Enter, Merge, Switch, NextIteration and Exit, with what each step gives in
 * a TensorArray. That is what tf.while_loop is made into as well (Yu et al. 2018, "Dynamic control flow in large-scale
 * machine learning"). Steps overlap where they do not wait for each other.
 */
import type { Edge, Graph, GraphNode, Loop, Operation, TensorType } from './graph';
import { Frame } from './loop_frame';
import { liveInLoop, liveOutputs, type Live } from './liveness';
import { nodeBackend } from '../../tfjs/node_backend';

/** Finds what stands for an edge of the graph as it was. */
type Resolve = (edge: Edge) => Edge;

/** The steps' values of a stack, where they are not yet one tensor. */
interface StackedArray {
  readonly handle: Edge;
  readonly flow: Edge;
  readonly type: TensorType;
}

/** @param graph is changed: it has no operation `Scan` any more, and nothing that only a loop would have read */
export function lowerLoops(graph: Graph): void {
  if (!graph.nodes.some(node => node.kind === 'operation' && node.loop)) return;
  const wanted = [...graph.results, ...graph.assignments.map(({ value }) => value)];
  const live = liveOutputs(graph.nodes, wanted);
  for (const { placeholder } of graph.inputs) if (!live.has(placeholder)) live.set(placeholder, new Set([0]));
  const place = new Frame();
  const resolve = new Lowering(place).lower(graph.nodes, live, edge => edge);
  graph.results = graph.results.map(resolve);
  graph.assignments = graph.assignments.map(({ variable, value }) => ({ variable, value: resolve(value) }));
  graph.nodes = place.nodes;
}

/** Of the nodes of one body, or of the whole graph. */
class Lowering {
  private readonly values = new Map<GraphNode, readonly (Edge | undefined)[]>();
  private readonly arrays = new Map<Operation, Map<number, StackedArray>>();
  private readonly gathered = new Map<StackedArray, Edge>();

  constructor(private readonly place: Frame) {}

  /** @param outside finds what is not made by these nodes */
  lower(nodes: readonly GraphNode[], live: Live, outside: Resolve): Resolve {
    const resolve: Resolve = edge => {
      const array = edge.node.kind === 'operation' && this.arrays.get(edge.node)?.get(edge.output);
      return array ? this.gather(array) : (this.values.get(edge.node)?.[edge.output] ?? outside(edge));
    };
    for (const node of nodes) {
      const outputs = live.get(node);
      if (!outputs) continue;
      if (node.kind !== 'operation') this.set(node, this.place.root(node));
      else if (node.loop) this.lowerLoop(node, node.loop, outputs, resolve);
      else this.set(node, this.place.add({ ...node, inputs: node.inputs.map(resolve) }));
    }
    return resolve;
  }

  private set(node: GraphNode, edge: Edge): void {
    this.values.set(
      node,
      node.outputs.map((_, output) => ({ node: edge.node, output })),
    );
  }

  private lowerLoop(node: Operation, loop: Loop, outputs: ReadonlySet<number>, resolve: Resolve): void {
    const { binding } = nodeBackend();
    const live = liveInLoop(loop, outputs);
    const [numElements, numCarried] = [loop.elements.length, loop.carried.length];
    const frame = this.place.inner(node.name, loop.steps);
    const index = frame.index(loop.backward);
    const inside = new Map<GraphNode, Edge>();
    loop.elements.forEach((element, i) => {
      if (live.body.has(element)) inside.set(element, this.element(node.inputs[i], index, frame, resolve));
    });
    loop.invariants.forEach((each, i) => {
      const input = node.inputs[numElements + numCarried + i];
      if (live.body.has(each)) inside.set(each, frame.enter(resolve(input)));
    });
    const carried = [...live.carried].map(i => {
      const variable = frame.carry(resolve(node.inputs[numElements + i]));
      inside.set(loop.carried[i], variable.value);
      return { i, variable };
    });
    const arrays = [...live.stacked].map(i => {
      const { node: made, output } = loop.stacked[i];
      const type = made.outputs[output];
      return { i, type, array: this.place.tensorArray(`${node.name}_array_${i}`, loop.steps, type.dtype) };
    });
    // One flow through all arrays, in the order in which the values are made: only its end says that they are full.
    const flow = arrays.length > 0 ? frame.carry({ node: arrays[0].array, output: 1 }) : undefined;
    const body = new Lowering(frame).lower(loop.body, live.body, edge => inside.get(edge.node) ?? edge);
    const exits: Edge[] = [];
    for (const { i, variable } of carried) exits[i] = variable.close(body(loop.next[i]));
    this.values.set(node, exits);
    let written = flow?.value as Edge;
    for (const { i, type, array } of arrays) {
      written = frame.add({
        kind: 'operation',
        name: `${node.name}_write_${i}`,
        op: 'TensorArrayWriteV3',
        attributes: [{ name: 'T', type: binding.TF_ATTR_TYPE, value: type.dtype }],
        inputs: [frame.enter({ node: array, output: 0 }), index, body(loop.stacked[i]), written],
        outputs: [{ shape: [], dtype: binding.TF_FLOAT }],
      });
    }
    const end = flow?.close(written) as Edge;
    const stacks = arrays.map(({ i, type, array }): [number, StackedArray] => {
      const stack = { ...type, shape: [loop.steps, ...type.shape] };
      return [numCarried + i, { handle: { node: array, output: 0 }, flow: end, type: stack }];
    });
    this.arrays.set(node, new Map(stacks));
    frame.close();
  }

  /** Of a sequence, the element of this step. */
  private element(sequence: Edge, index: Edge, frame: Frame, resolve: Resolve): Edge {
    const { TF_ATTR_INT, TF_ATTR_TYPE: type, TF_INT32 } = nodeBackend().binding;
    const { dtype, shape } = sequence.node.outputs[sequence.output];
    const outputs = [{ shape: shape.slice(1), dtype }];
    const name = frame.nameFor('element');
    const array = sequence.node.kind === 'operation' && this.arrays.get(sequence.node)?.get(sequence.output);
    if (array) {
      const inputs = [frame.enter(array.handle), index, frame.enter(array.flow)];
      const attributes = [{ name: 'dtype', type, value: dtype }];
      return frame.add({ kind: 'operation', name, op: 'TensorArrayReadV3', attributes, inputs, outputs });
    }
    const attributes = [
      { name: 'Tparams', type, value: dtype },
      { name: 'Tindices', type, value: TF_INT32 },
      { name: 'Taxis', type, value: TF_INT32 },
      { name: 'batch_dims', type: TF_ATTR_INT, value: 0 },
    ];
    const inputs = [frame.enter(resolve(sequence)), index, frame.constant(0)];
    return frame.add({ kind: 'operation', name, op: 'GatherV2', attributes, inputs, outputs });
  }

  /** The whole stack as one tensor. */
  private gather(array: StackedArray): Edge {
    const known = this.gathered.get(array);
    if (known) return known;
    const { TF_ATTR_TYPE: type } = nodeBackend().binding;
    const { handle, flow, type: stack } = array;
    const edge = this.place.add({
      kind: 'operation',
      name: this.place.nameFor('stack'),
      op: 'TensorArrayGatherV3',
      attributes: [{ name: 'dtype', type, value: stack.dtype }],
      inputs: [handle, this.place.indices(stack.shape[0]), flow],
      outputs: [stack],
    });
    this.gathered.set(array, edge);
    return edge;
  }
}
