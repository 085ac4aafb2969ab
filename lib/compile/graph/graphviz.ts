import type { Graph, GraphNode } from './graph';

/**
 * The graph in the language of Graphviz, data flowing down: `dot -Tsvg graph.dot > graph.svg`. What comes in is green,
 * what comes out is orange, constants are small; edges carry shapes.
 */
export function toGraphviz(name: string, { nodes, results, assignments }: Graph): string {
  const outgoing = new Set([...results, ...assignments.map(({ value }) => value)].map(({ node }) => node));
  const lines = nodes.flatMap(node => [
    `  ${quote(node.name)} [${attributesOf(node, outgoing.has(node))}]`,
    ...(node.kind === 'operation' ? node.inputs : []).map(({ node: input, output }) => {
      const { shape } = input.outputs[output];
      return `  ${quote(input.name)} -> ${quote(node.name)} [label=${quote(shape.join(' × '))}]`;
    }),
  ]);
  return [
    `digraph ${quote(name)} {`,
    '  node [shape=box, style="rounded,filled", fillcolor=white, fontname=Helvetica]',
    '  edge [fontname=Helvetica, fontsize=10]',
    ...lines,
    '}\n',
  ].join('\n');
}

function attributesOf(node: GraphNode, comesOut: boolean): string {
  if (node.kind === 'constant')
    return `label=${quote(describeConstant(node.outputs[0].shape))}, shape=plaintext`;
  const label = node.kind === 'operation' ? node.op : node.name;
  const color =
    node.kind === 'placeholder' ? ', fillcolor="#cce8cc"' : comesOut ? ', fillcolor="#ffd9b3"' : '';
  return `label=${quote(label)}${color}`;
}

const describeConstant = (shape: readonly number[]) =>
  shape.length === 0 ? 'constant' : `constant ${shape.join(' × ')}`;

const quote = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
