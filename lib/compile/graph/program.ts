/** A graph in a form that can be run: loaded into TensorFlow, or, if it is very small, operation by operation. */
import type { Edge, Graph, GraphNode, Operation } from './graph';
import { nodeBackend, type Attribute, type NativeTensor } from '../../tfjs/node_backend';
import { loadGraph } from './saved_model';

export interface Program {
  /**
   * @param inputs the ids of the graph's inputs, in order
   * @returns the results and the values that are assigned, each a tensor of its own
   */
  run(inputs: number[]): NativeTensor[];
  dispose(): void;
}

/**
 * TensorFlow hands a graph to its threads and waits for them, which takes some 60 µs a call: as long as a few
 * operations that are run by themselves, at 5 to 10 µs each.
 */
const fewOperations = 3;

/** @throws GraphFolderError if no temporary folder takes a graph */
export function makeProgram(graph: Graph): Program {
  const numOperations = graph.nodes.filter(({ kind }) => kind === 'operation').length;
  return numOperations <= fewOperations ? new SingleOperations(graph) : new LoadedGraph(graph);
}

const outgoingOf = ({ results, assignments }: Graph): Edge[] => [
  ...results,
  ...assignments.map(({ value }) => value),
];

class LoadedGraph implements Program {
  private readonly id: number;
  private readonly inputNames: string;
  private readonly outputNames: string;

  constructor(graph: Graph) {
    this.inputNames = graph.inputs.map(({ placeholder }) => `${placeholder.name}:0`).join();
    this.outputNames = outgoingOf(graph)
      .map(({ node, output }) => `${node.name}:${output}`)
      .join();
    this.id = loadGraph(graph);
  }

  run(inputs: number[]): NativeTensor[] {
    if (this.outputNames === '') return [];
    return nodeBackend().binding.runSavedModel(this.id, inputs, this.inputNames, this.outputNames);
  }

  dispose(): void {
    nodeBackend().binding.deleteSavedModel(this.id);
  }
}

class SingleOperations implements Program {
  private readonly operations: readonly Operation[];
  private readonly outgoing: readonly Edge[];
  /** The ids of constants. */
  private readonly constants = new Map<GraphNode, number>();

  constructor(private readonly graph: Graph) {
    const { binding } = nodeBackend();
    this.operations = graph.nodes.filter((node): node is Operation => node.kind === 'operation');
    this.outgoing = outgoingOf(graph);
    for (const node of graph.nodes) {
      if (node.kind !== 'constant') continue;
      const [{ shape, dtype }] = node.outputs;
      this.constants.set(node, binding.createTensor([...shape], dtype, node.values));
    }
  }

  run(inputs: number[]): NativeTensor[] {
    const { binding } = nodeBackend();
    const given = new Map(this.constants);
    this.graph.inputs.forEach(({ placeholder }, i) => given.set(placeholder, inputs[i]));
    const made = new Map<GraphNode, NativeTensor[]>();
    const idOf = ({ node, output }: Edge) => given.get(node) ?? (made.get(node) as NativeTensor[])[output].id;
    const taken = new Set<number>();
    try {
      for (const node of this.operations) made.set(node, execute(node, node.inputs.map(idOf)));
      return this.outgoing.map(edge => {
        const tensor = made.get(edge.node)?.[edge.output];
        if (!tensor || taken.has(tensor.id)) return copyOf(edge, idOf(edge));
        taken.add(tensor.id);
        return tensor;
      });
    } finally {
      for (const { id } of [...made.values()].flat()) if (!taken.has(id)) binding.deleteTensor(id);
    }
  }

  dispose(): void {
    for (const id of this.constants.values()) nodeBackend().binding.deleteTensor(id);
    this.constants.clear();
  }
}

/** @throws Error in the form of those of a whole graph: the reason, then the node */
function execute({ name, op, attributes, outputs }: Operation, inputs: number[]): NativeTensor[] {
  try {
    return nodeBackend().binding.executeOp(op, attributes as Attribute[], inputs, outputs.length);
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
