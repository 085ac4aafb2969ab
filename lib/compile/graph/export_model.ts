/** A compiled function as a SavedModel that other programs load: its graph, with all that it took from outside. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorHere } from '../compile_error';
import type { Constant, Edge, Graph, GraphNode, Source } from './graph';
import { nodeBackend, type Values } from '../../tfjs/node_backend';
import { redirect } from './rewrite';
import { toSavedModel, type Endpoint } from './saved_model';
import { Fixed, type Structure } from '../../tfjs/structure';

/**
 * Write `saved_model.pb` with the signature `serving_default`. Variables and captured tensors are in it with their
 * values of now.
 * @param folder is made if it is missing
 * @param args how the function's arguments are nested: its inputs are named by that
 * @throws CompileError if the function does more than compute results
 */
export function exportModel(folder: string, graph: Graph, args: Structure): void {
  if (graph.assignments.length > 0) {
    throw errorHere('assigns to variables', 'save a function that only computes results');
  }
  const frozen = freeze(graph);
  const names = namesOf(args, 'input');
  const inputs = frozen.inputs.flatMap(({ placeholder, source }): Endpoint[] =>
    source.kind === 'argument' ? [{ name: names[source.index], edge: { node: placeholder, output: 0 } }] : [],
  );
  const outputNames = namesOf(graph.structure, 'output');
  const outputs = frozen.results.map((edge, i): Endpoint => ({ name: outputNames[i], edge }));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'saved_model.pb'), toSavedModel(frozen, { inputs, outputs }));
}

/** The same graph with constants in the place of all inputs but the arguments. */
function freeze(graph: Graph): Graph {
  const replaced = new Map<GraphNode, Edge>();
  for (const { placeholder, source } of graph.inputs) {
    if (source.kind === 'argument') continue;
    const node: Constant = { ...placeholder, kind: 'constant', values: valuesOf(source) };
    replaced.set(placeholder, { node, output: 0 });
  }
  const nodes = graph.nodes.map(node => {
    const made = replaced.get(node)?.node ?? node;
    return made.kind === 'operation' ? { ...made } : made;
  });
  const copies = new Map(graph.nodes.map((node, i) => [node, nodes[i]]));
  const frozen: Graph = {
    ...graph,
    nodes,
    inputs: graph.inputs.filter(({ source }) => source.kind === 'argument'),
    results: graph.results.map(({ node, output }) => ({ node: copies.get(node) ?? node, output })),
  };
  redirect(frozen, replaced);
  return frozen;
}

function valuesOf(source: Source): Values {
  const { tensorMap, binding } = nodeBackend();
  const dataId = source.kind === 'variable' ? source.variable.dataId : undefined;
  const data = source.kind === 'captured' ? source.dataId : dataId;
  if (!data) {
    throw errorHere('draws random numbers or trains', 'save a function that only computes results');
  }
  if (!tensorMap.has(data)) {
    throw errorHere('uses a tensor from outside that was disposed since', 'call it once more, then save it');
  }
  const { id, values } = tensorMap.get(data);
  return values ?? binding.tensorDataSync(id);
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
