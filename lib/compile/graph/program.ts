/** A graph in a form that can be run: loaded into TensorFlow, or, if it is very small, operation by operation. */
import type { Edge, Graph } from './graph';
import { OneByOne } from './one_by_one';
import { nodeBackend, type NativeTensor } from '../../tfjs/node_backend';
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

/** What comes out of a run, in order. */
export const outgoingOf = ({ results, assignments }: Graph): Edge[] => [
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
  private readonly operations: OneByOne;

  constructor(private readonly graph: Graph) {
    this.operations = new OneByOne(graph.nodes, outgoingOf(graph));
  }

  run(inputs: number[]): NativeTensor[] {
    return this.operations.run(
      new Map(this.graph.inputs.map(({ placeholder }, i) => [placeholder, inputs[i]])),
    );
  }

  dispose(): void {
    this.operations.dispose();
  }
}
