import type { Graph } from '../graph/graph';
import { toGraphviz } from '../graph/graphviz';

export interface GraphInspection {
  readonly name: string;
  /** Nodes given to TensorFlow, before its own optimisation. */
  readonly numNodes: number;
  /** How often each operation occurs. */
  readonly operations: Readonly<Record<string, number>>;
  readonly capturedVariables: number;
  readonly assignedVariables: number;
  /** Of tracing and of loading the graph. */
  readonly traceSeconds: number;
  /** Of the first run, in which TensorFlow optimises the graph; undefined before it. */
  readonly firstRunSeconds?: number;
  /** The graph in the language of Graphviz: write it to a file, then `dot -Tsvg graph.dot > graph.svg`. */
  toGraphviz(): string;
}

export function inspectGraph(
  name: string,
  graph: Graph,
  times: Pick<GraphInspection, 'traceSeconds' | 'firstRunSeconds'>,
): GraphInspection {
  const { nodes, inputs, assignments } = graph;
  const operations: Record<string, number> = {};
  for (const node of nodes) {
    const op = node.kind === 'operation' ? node.op : node.kind;
    operations[op] = (operations[op] ?? 0) + 1;
  }
  return {
    name,
    numNodes: nodes.length,
    operations,
    capturedVariables: inputs.filter(({ source }) => source.kind === 'variable').length,
    assignedVariables: assignments.length,
    ...times,
    toGraphviz: () => toGraphviz(name, graph),
  };
}
