/** A graph run operation by operation, for measuring, or because it is too small to be worth a graph of TensorFlow's. */
import type { Edge, GraphNode, Loop, Operation } from './graph';
import { liveInLoop, liveOutputs } from './liveness';
import { nodeBackend, type Attribute, type NativeTensor } from '../../tfjs/node_backend';

/** Is told what happens, in order. */
export interface Watch {
  /**
   * @param node of the graph or of a loop's body; the operation `Scan` is only what a loop does besides its steps
   * @param inputs ids of what it read
   */
  ran(node: Operation, seconds: number, inputs: readonly number[], outputs: readonly NativeTensor[]): void;
  /** Nothing reads this tensor any more. */
  freed(id: number): void;
}

type Outputs = (NativeTensor | undefined)[];

/** The body of a loop, with the indices of what is carried and of what is stacked, as far as something reads it. */
interface Body {
  readonly loop: Loop;
  readonly carried: readonly number[];
  readonly stacked: readonly number[];
  readonly step: OneByOne;
}

export class OneByOne {
  private readonly operations: readonly Operation[];
  private readonly constants = new Map<GraphNode, number>();
  /** What nothing reads once an operation has run. */
  private readonly done = new Map<Operation, Edge[]>();
  private readonly bodies = new Map<Operation, Body>();

  /** @param nodes each after those that it reads; @param wanted what is read in the end */
  constructor(
    nodes: readonly GraphNode[],
    private readonly wanted: readonly Edge[],
  ) {
    const { binding } = nodeBackend();
    const live = liveOutputs(nodes, wanted);
    this.operations = nodes.filter((node): node is Operation => node.kind === 'operation' && live.has(node));
    const seen = new Map<GraphNode, Set<number>>();
    const isNew = ({ node, output }: Edge) => {
      const outputs = seen.get(node) ?? new Set();
      seen.set(node, outputs);
      return outputs.size < outputs.add(output).size;
    };
    wanted.forEach(isNew);
    for (const node of [...this.operations].reverse()) {
      const own = node.outputs.map((_, output) => ({ node, output }));
      this.done.set(node, [...own, ...node.inputs].filter(isNew));
      if (node.loop) this.bodies.set(node, bodyOf(node.loop, live.get(node) ?? new Set()));
    }
    for (const node of nodes) {
      if (node.kind !== 'constant') continue;
      const [{ shape, dtype }] = node.outputs;
      this.constants.set(node, binding.createTensor([...shape], dtype, node.values));
    }
  }

  /**
   * @param given the ids of placeholders
   * @returns what is wanted, each a tensor of its own
   */
  run(given: ReadonlyMap<GraphNode, number>, watch?: Watch): NativeTensor[] {
    const made = new Map<GraphNode, Outputs>();
    const idOf = ({ node, output }: Edge) =>
      made.get(node)?.[output]?.id ?? given.get(node) ?? this.constants.get(node) ?? -1;
    const results = new Set<NativeTensor>();
    try {
      for (const node of this.operations) {
        const inputs = node.inputs.map(idOf);
        const body = this.bodies.get(node);
        made.set(node, body ? runLoop(node, body, inputs, watch) : execute(node, inputs, watch));
        for (const edge of this.done.get(node) ?? []) {
          const outputs = made.get(edge.node);
          free(outputs?.[edge.output], watch);
          if (outputs) outputs[edge.output] = undefined;
        }
      }
      for (const edge of this.wanted) {
        const tensor = made.get(edge.node)?.[edge.output];
        results.add(tensor && !results.has(tensor) ? tensor : copyOf(edge, idOf(edge)));
      }
      return [...results];
    } finally {
      for (const tensor of [...made.values()].flat()) if (tensor && !results.has(tensor)) free(tensor, watch);
    }
  }

  dispose(): void {
    for (const id of this.constants.values()) nodeBackend().binding.deleteTensor(id);
    this.constants.clear();
    for (const { step } of this.bodies.values()) step.dispose();
  }
}

function bodyOf(loop: Loop, outputs: ReadonlySet<number>): Body {
  const live = liveInLoop(loop, outputs);
  const [carried, stacked] = [[...live.carried], [...live.stacked]];
  const wanted = [...carried.map(i => loop.next[i]), ...stacked.map(i => loop.stacked[i])];
  return { loop, carried, stacked, step: new OneByOne(loop.body, wanted) };
}

function runLoop(
  node: Operation,
  { loop, carried, stacked, step }: Body,
  inputs: number[],
  watch?: Watch,
): Outputs {
  const { steps, elements } = loop;
  const start = performance.now();
  const sequences = elements.map((_, i) => unstack(node.inputs[i], inputs[i], steps));
  let seconds = (performance.now() - start) / 1000;
  const given = new Map<GraphNode, number>();
  [...loop.carried, ...loop.invariants].forEach((each, i) => given.set(each, inputs[elements.length + i]));
  let state: NativeTensor[] = [];
  const parts = stacked.map((): NativeTensor[] => []);
  for (let count = 0; count < steps; count++) {
    const at = loop.backward ? steps - 1 - count : count;
    elements.forEach((each, i) => given.set(each, sequences[i][at].id));
    const results = step.run(given, watch);
    for (const [i] of elements.entries()) free(sequences[i][at]);
    for (const each of state) free(each, watch);
    state = results.slice(0, carried.length);
    carried.forEach((i, place) => given.set(loop.carried[i], state[place].id));
    results.slice(carried.length).forEach((each, i) => (parts[i][at] = each));
  }
  const before = performance.now();
  const outputs: Outputs = node.outputs.map(() => undefined);
  carried.forEach((i, place) => (outputs[i] = state[place]));
  const stacks = parts.map(stack);
  stacked.forEach((i, place) => (outputs[loop.carried.length + i] = stacks[place]));
  seconds += (performance.now() - before) / 1000;
  watch?.ran(node, seconds, inputs, stacks);
  for (const each of parts.flat()) free(each, watch);
  return outputs;
}

function unstack({ node, output }: Edge, id: number, steps: number): NativeTensor[] {
  const { binding } = nodeBackend();
  const { TF_ATTR_INT, TF_ATTR_TYPE } = binding;
  const attributes = [
    { name: 'num', type: TF_ATTR_INT, value: steps },
    { name: 'axis', type: TF_ATTR_INT, value: 0 },
    { name: 'T', type: TF_ATTR_TYPE, value: node.outputs[output].dtype },
  ];
  return binding.executeOp('Unpack', attributes, [id], steps);
}

function stack(parts: readonly NativeTensor[]): NativeTensor {
  const { binding } = nodeBackend();
  const { TF_ATTR_INT, TF_ATTR_TYPE } = binding;
  const attributes = [
    { name: 'N', type: TF_ATTR_INT, value: parts.length },
    { name: 'axis', type: TF_ATTR_INT, value: 0 },
    { name: 'T', type: TF_ATTR_TYPE, value: parts[0].dtype },
  ];
  const ids = parts.map(({ id }) => id);
  return binding.executeOp('Pack', attributes, ids, 1)[0];
}

/** @throws Error in the form of those of a whole graph: the reason, then the node */
function execute(node: Operation, inputs: number[], watch?: Watch): NativeTensor[] {
  const { name, op, attributes, outputs } = node;
  try {
    const start = performance.now();
    const made = nodeBackend().binding.executeOp(op, attributes as Attribute[], inputs, outputs.length);
    watch?.ran(node, (performance.now() - start) / 1000, inputs, made);
    return made;
  } catch (error) {
    const { message } = error as Error;
    const reason = message.replace(/^[^]*?Message: /, '').split('\n')[0];
    throw new Error(`${reason}\n{{node ${name}}}`, { cause: error });
  }
}

/** Of a constant, or of what is given out a second time. */
function copyOf({ node, output }: Edge, id: number): NativeTensor {
  const { binding } = nodeBackend();
  const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: node.outputs[output].dtype };
  return binding.executeOp('Identity', [type], [id], 1)[0];
}

function free(tensor: NativeTensor | undefined, watch?: Watch): void {
  if (!tensor) return;
  nodeBackend().binding.deleteTensor(tensor.id);
  watch?.freed(tensor.id);
}
