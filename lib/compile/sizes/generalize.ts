import type { Constant, Edge, Graph, GraphNode, Operation, Placeholder, TensorType } from '../graph/graph';
import { integerConstant, redirect } from '../graph/rewrite';
import type { FittedTrace } from './fitted_trace';
import { isConstant, type Formula } from './formula';
import { noFormula } from './refusals';
import { SizeNodes } from './size_nodes';
import { isSame, type Template } from './template';
import type { Unknowns } from './unknowns';

/**
 * The graph for all sizes: its arrays that depend on a size are computed from the shapes of the arguments.
 * @param graph of the first of the traces; stays as it is
 * @throws CompileError if variables are assigned what has no fixed size
 */
export function generalize(graph: Graph, fitted: FittedTrace, { axes, sizes }: Unknowns): Graph {
  const general = withOpenShapes(graph, fitted);
  for (const { variable, value } of general.assignments) {
    if (!isOpen(value.node.outputs[value.output])) continue;
    throw noFormula(`assigns a tensor of another shape at each size to the variable ${variable.name}`);
  }
  const origins = sizes.map((_, unknown) => {
    const index = axes.findIndex(each => each.includes(unknown));
    const input = general.inputs.find(({ source }) => source.kind === 'argument' && source.index === index);
    return { placeholder: input?.placeholder as Placeholder, axis: axes[index].indexOf(unknown) };
  });
  const nodes: GraphNode[] = [];
  const replaced = new Map<GraphNode, Edge>();
  const users = usersOf(general.nodes);
  const sizeNodes = new SizeNodes(origins, node => nodes.push(node));
  for (const node of general.nodes) {
    const template = fitted.constants.get(node.name);
    if (node.kind !== 'constant' || !template || (isSame(template) && !isOpen(node.outputs[0]))) {
      nodes.push(node);
      continue;
    }
    // Without elements, as [batch, 0], it has the same values at all sizes, and another shape at each.
    if (isSame(template)) {
      replaced.set(node, sizeNodes.replace(node, noElements, fitted.shapes.get(node.name)?.[0] ?? []));
      continue;
    }
    const open = openReshape(node, template, users.get(node) ?? []);
    if (open) nodes.push(open);
    const shape = fitted.shapes.get(node.name)?.[0] ?? [];
    replaced.set(node, open ? { node: open, output: 0 } : sizeNodes.replace(node, template, shape));
  }
  general.nodes = nodes;
  redirect(general, replaced);
  return general;
}

const isOpen = ({ shape }: TensorType) => shape.includes(-1);

const noElements: Template = {
  kind: 'filled',
  length: { constant: 0, terms: [] },
  value: { constant: 0, terms: [] },
  like: new Float32Array(),
};

/** A copy whose shapes have -1 where a size is not known. */
function withOpenShapes(graph: Graph, { shapes }: FittedTrace): Graph {
  const copies = new Map<GraphNode, GraphNode>();
  const edge = ({ node, output }: Edge): Edge => ({ node: copies.get(node) ?? node, output });
  const size = (formula: Formula, known: number) => (isConstant(formula) ? known : -1);
  const nodes = graph.nodes.map((node): GraphNode => {
    const formulas = shapes.get(node.name);
    const outputs = node.outputs.map((output, i) => ({
      ...output,
      shape: output.shape.map((known, axis) => (formulas ? size(formulas[i][axis], known) : known)),
    }));
    const copy =
      node.kind === 'operation' ? { ...node, inputs: node.inputs.map(edge), outputs } : { ...node, outputs };
    copies.set(node, copy);
    return copy;
  });
  return {
    ...graph,
    nodes,
    inputs: graph.inputs.map(({ placeholder, source }) => ({
      placeholder: copies.get(placeholder) as Placeholder,
      source,
    })),
    results: graph.results.map(edge),
    assignments: graph.assignments.map(({ variable, value }) => ({ variable, value: edge(value) })),
  };
}

/** What reads each node, and as which of its inputs. */
function usersOf(nodes: readonly GraphNode[]): Map<GraphNode, { user: Operation; input: number }[]> {
  const users = new Map<GraphNode, { user: Operation; input: number }[]>();
  for (const user of nodes) {
    if (user.kind !== 'operation') continue;
    user.inputs.forEach(({ node }, input) => users.set(node, [...(users.get(node) ?? []), { user, input }]));
  }
  return users;
}

/** The new shape of a Reshape may leave out one size: TensorFlow finds it by itself, and knows the others beforehand. */
function openReshape(
  constant: Constant,
  template: Template,
  users: readonly { user: Operation; input: number }[],
): Constant | undefined {
  if (template.kind !== 'elements' || !users.every(({ user, input }) => user.op === 'Reshape' && input === 1))
    return undefined;
  const { formulas } = template;
  const hasRoom = formulas.every(formula => !isConstant(formula) || formula.constant > 0);
  if (formulas.filter(formula => !isConstant(formula)).length !== 1 || !hasRoom) return undefined;
  const values = formulas.map(formula => (isConstant(formula) ? formula.constant : -1));
  const { outputs } = constant;
  return { ...integerConstant(constant.name, 0), outputs, values: Int32Array.from(values) };
}
