/** A compiled function as a SavedModel that other programs load: its graph, with all that it took from outside. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorHere } from '../compile_error';
import type { Constant, Edge, Graph, GraphNode, Source } from './graph';
import { nodeBackend, type Values } from '../../tfjs/node_backend';
import type { tf } from '../../tfjs/tensorflow';
import { assignNode, innerVariables, writeValues, type InnerVariables } from './inner_variables';
import { identity, redirect } from './rewrite';
import { toSavedModel, type Endpoint } from './saved_model';
import { Fixed, type Structure } from '../../tfjs/structure';

export interface SaveOptions {
  /**
   * 'constants' are in the graph with their values of now. 'inside' are variables of the saved model, with their names,
   * which Python can go on training: with a gradient of its own, unless there is a scan in it; or by this function, if
   * that is a training step: what it assigns to variables, each call of the signature does, with the learning rate of
   * now. Default 'constants'.
   */
  readonly variables?: 'constants' | 'inside';
}

/**
 * Write `saved_model.pb` with the signature `serving_default`; with the variables inside, also `variables/`. Captured
 * tensors are constants.
 * @param folder is made if it is missing
 * @param args how the function's arguments are nested: its inputs are named by that
 * @throws CompileError if the function does more than compute results, or with the variables inside, assign
 */
export function exportModel(folder: string, graph: Graph, args: Structure, options: SaveOptions = {}): void {
  const { variables = 'constants' } = options;
  const isInside = variables === 'inside';
  if (graph.assignments.length > 0 && !isInside) {
    throw errorHere(
      'assigns to variables',
      "save a function that only computes results, or save it with { variables: 'inside' }",
    );
  }
  if (graph.results.length === 0) throw errorHere('returns nothing', 'save one that returns a tensor');
  const kept = isInside ? variablesOf(graph) : [];
  const inner = kept.length > 0 ? innerVariables(kept, graph.nodes.map(({ name }) => name)) : undefined; // prettier-ignore
  const { graph: whole, ...signature } = withEndpoints(standAlone(graph, inner), args);
  mkdirSync(folder, { recursive: true });
  if (inner) writeValues(join(folder, 'variables'), inner);
  const model = toSavedModel(whole, { signature, saver: inner?.saver });
  writeFileSync(join(folder, 'saved_model.pb'), model);
}

/** A graph that needs nothing from outside but its arguments. */
export interface FrozenFunction {
  readonly graph: Graph;
  /** Named by the keys of records, else `input_0`, … and `output_0`, …. */
  readonly inputs: readonly Endpoint[];
  readonly outputs: readonly Endpoint[];
}

/** With variables and captured tensors as constants. @throws CompileError if the function assigns to variables */
export function frozenFunction(graph: Graph, args: Structure): FrozenFunction {
  if (graph.assignments.length > 0) {
    throw errorHere('assigns to variables', 'export a function that only computes results');
  }
  return withEndpoints(standAlone(graph), args);
}

function withEndpoints(graph: Graph, args: Structure): FrozenFunction {
  const names = namesOf(args, 'input');
  const inputs = graph.inputs.flatMap(({ placeholder, source }): Endpoint[] =>
    source.kind === 'argument' ? [{ name: names[source.index], edge: { node: placeholder, output: 0 } }] : [],
  );
  const outputNames = namesOf(graph.structure, 'output');
  return { graph, inputs, outputs: graph.results.map((edge, i) => ({ name: outputNames[i], edge })) };
}

function variablesOf({ inputs, assignments }: Graph): tf.Variable[] {
  const read = inputs.flatMap(({ source }) => (source.kind === 'variable' ? [source.variable] : []));
  return [...new Set([...read, ...assignments.map(({ variable }) => variable)])];
}

/**
 * The same graph without inputs but the arguments.
 * @param variables those that stay variables. Default: they become constants
 */
function standAlone(graph: Graph, variables?: InnerVariables): Graph {
  const replaced = new Map<GraphNode, Edge>();
  const constants: Constant[] = [];
  for (const { placeholder, source } of graph.inputs) {
    if (source.kind === 'argument') continue;
    const read = source.kind === 'variable' ? variables?.reads.get(source.variable) : undefined;
    const node: GraphNode = read?.node ?? {
      ...placeholder,
      kind: 'constant',
      values: valuesOf(source, variables),
    };
    if (node.kind === 'constant') constants.push(node);
    replaced.set(placeholder, { node, output: 0 });
  }
  const copies = new Map<GraphNode, GraphNode>();
  for (const node of graph.nodes) {
    if (!replaced.has(node)) copies.set(node, node.kind === 'operation' ? { ...node } : node);
  }
  const copyOf = ({ node, output }: Edge): Edge => ({ node: copies.get(node) ?? node, output });
  const whole: Graph = {
    ...graph,
    nodes: [...(variables?.nodes ?? []), ...constants, ...copies.values()],
    inputs: graph.inputs.filter(({ source }) => source.kind === 'argument'),
    results: graph.results.map(copyOf),
    assignments: graph.assignments.map(({ variable, value }) => ({ variable, value: copyOf(value) })),
  };
  redirect(whole, replaced);
  if (variables) assignWithin(whole, variables);
  return whole;
}

/** Whoever asks for results has the variables assigned. @param graph is changed */
function assignWithin(graph: Graph, variables: InnerVariables): void {
  if (graph.assignments.length === 0) return;
  const assigns = graph.assignments.map(({ variable, value }) => assignNode(variables, variable, value));
  const results = graph.results.map((edge, i) => ({ ...identity(`result_${i}`, edge), controls: assigns }));
  graph.nodes.push(...assigns, ...results);
  graph.results = results.map(node => ({ node, output: 0 }));
}

function valuesOf(source: Source, variables?: InnerVariables): Values {
  const { tensorMap, binding } = nodeBackend();
  if (source.kind === 'rate' && variables) {
    return Float32Array.of(source.sign * Number(source.optimizer.learningRate));
  }
  const data = dataOf(source, variables !== undefined);
  if (!data) {
    const found = ['seed', 'drawn'].includes(source.kind) ? 'draws random numbers' : 'trains';
    throw errorHere(found, 'save a function that only computes results');
  }
  if (!tensorMap.has(data)) {
    throw errorHere('uses a tensor from outside that was disposed since', 'call it once more, then save it');
  }
  const { id, values } = tensorMap.get(data);
  return values ?? binding.tensorDataSync(id);
}

function dataOf(source: Source, withRates: boolean): object | undefined {
  switch (source.kind) {
    case 'captured':
      return source.dataId;
    case 'variable':
      return source.variable.dataId;
    case 'rateTensor':
      return withRates ? source.optimizer.c?.dataId : undefined;
    case 'argument':
    case 'rate':
    case 'seed':
    case 'drawn':
      return undefined;
  }
}

/**
 * A name for each tensor of a structure, in order: `images` for a record's value of that key, `input_0` for an item
 * of a list, `input` for a tensor by itself.
 */
function namesOf(structure: Structure, what: string): string[] {
  const names: string[] = [];
  function visit(part: Structure, name: string): void {
    if (part === 'tensor') names.push(name || what);
    else if (part === 'masked') names.push(name || what, `${name || what}_mask`);
    else if (part instanceof Fixed) return;
    else for (const [key, each] of Object.entries(part)) visit(each, nameWithin(name, key));
  }
  const nameWithin = (name: string, key: string) => {
    if (name === '') return /^\d+$/.test(key) ? `${what}_${key}` : key;
    return /^\d+$/.test(key) ? `${name}_${key}` : name.startsWith(`${what}_`) ? key : `${name}_${key}`;
  };
  visit(structure, '');
  const taken = new Map<string, number>();
  return names.map(name => {
    const count = taken.get(name) ?? 0;
    taken.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  });
}
