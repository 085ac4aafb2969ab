import type { tf } from '../../tfjs/tensorflow';
import { CompileError } from '../compile_error';
import { feed, type Input } from '../graph/feed';
import type { Graph, GraphNode } from '../graph/graph';
import { nodeBackend } from '../../tfjs/node_backend';
import { feedRates, OtherRates, settingsOf } from './optimizer_settings';
import { Recorder } from './recorder';
import { otherFirstCall } from './refusals';
import { newVariables, type Run } from './replacements';
import { settle, undo } from './rollback';
import { runTraced, type Traceable } from './run_traced';
import { isAlike, type Story } from './story';

export interface Traced {
  readonly graph: Graph;
  readonly story: Story;
}

/**
 * Run a function and write down what it does, as a graph. Then run it a second time, without any arithmetic, to see
 * that it does the same again: numbers drawn in JavaScript, or a state that it replaces, would be frozen in the graph.
 * @param runMore runs the function again, with other tensors, before what the trace leaves behind is cleared away
 * @throws CompileError when the function does what a graph cannot; nothing outside is changed by it then
 */
export function trace(
  traceable: Traceable,
  tensors: readonly tf.Tensor[],
  runMore?: (first: Recorder, run: (recorder: Recorder, tensors: readonly tf.Tensor[]) => Graph) => void,
): Traced {
  const runs: Run[] = [];
  const run = (recorder: Recorder, given = tensors) => runTraced(recorder, traceable, given, runs);
  try {
    let recorder = new Recorder(nodeBackend());
    let graph = run(recorder);
    if (newVariables(runs[0]).length > 0) {
      // As an optimizer does at its first step. From now on they are there, as any other.
      recorder = new Recorder(nodeBackend());
      graph = run(recorder);
      refuseNewVariables(runs[1]);
      if (!isSameOutcome(runs[0], runs[1])) throw otherFirstCall();
    }
    const rates = runAgain(recorder, graph, run);
    refuseNewVariables(runs[runs.length - 1]);
    runMore?.(recorder, run);
    settle(runs);
    feedRates(graph, recorder.constants, rates);
    feedDrawn(graph, recorder);
    return { graph, story: toKeep(recorder, rates) };
  } catch (error) {
    undo(runs);
    disposeNewVariables(runs);
    if (error instanceof CompileError) error.locate();
    throw error;
  }
}

/**
 * The second run: everything must be as before.
 * @returns the arrays that hold learning rates of tfjs's optimizers, by their places
 */
function runAgain(recorder: Recorder, graph: Graph, run: (recorder: Recorder) => Graph): OtherRates['found'] {
  const rates = new OtherRates(graph.steps.map(({ optimizer }) => optimizer));
  const { written, operations, read, captured } = recorder;
  const story = { written, operations, read, captured, explains: rates.explains.bind(rates) };
  try {
    rates.during(() => run(new Recorder(nodeBackend(), story)));
    return rates.found;
  } catch (error) {
    if (!(error instanceof CompileError) || graph.steps.length === 0) throw error;
    // Perhaps the function itself computes with a learning rate. Then that is fixed, as the other settings.
    run(new Recorder(nodeBackend(), recorder));
    graph.steps = graph.steps.map(step => ({ ...step, settings: settingsOf(step.optimizer, 'all') }));
    return new Map();
  }
}

/** What JavaScript draws comes in at each call. @param graph is changed */
function feedDrawn(graph: Graph, { drawn, constants }: Recorder): void {
  const inputs = [...drawn].flatMap(([place, draw]): [GraphNode, Input][] => {
    const constant = constants.get(place);
    if (!constant) return []; // nothing uses it
    const { name, outputs } = constant;
    return [
      [constant, { placeholder: { kind: 'placeholder', name, outputs }, source: { kind: 'drawn', draw } }],
    ];
  });
  feed(graph, new Map(inputs));
}

/** The story for a later look at the line of an operation: without the large arrays. */
function toKeep({ written, operations, read, captured }: Story, rates: OtherRates['found']): Story {
  const gone = new Float32Array(0);
  return {
    written: written.map(values => (values.length > 1000 ? gone : values)),
    operations,
    read,
    captured,
    explains: (place, before) => before === gone || rates.has(place),
  };
}

/** Whether the first run, which made variables, gave the same as the next one; draws cannot be compared. */
function isSameOutcome(first: Run, second: Run): boolean {
  const draws = ({ recorder }: Run) =>
    recorder.drawn.size > 0 || recorder.inputs.some(({ source }) => source.kind === 'seed');
  return draws(first) || draws(second) || isAlike(first.outcome ?? [], second.outcome ?? []);
}

function refuseNewVariables(run: Run): void {
  for (const { error } of newVariables(run)) throw error;
}

/** After a refusal only those stay that the function uses again, having made them: an optimizer's. */
function disposeNewVariables([first, ...later]: readonly Run[]): void {
  if (later.length === 0) return;
  const used = new Set(later.flatMap(usedVariables));
  for (const run of [first, ...later]) {
    for (const { variable } of newVariables(run)) if (!used.has(variable)) variable.dispose();
  }
}

function usedVariables({ recorder: { inputs, assigned } }: Run): tf.Variable[] {
  return [
    ...inputs.flatMap(({ source }) => (source.kind === 'variable' ? [source.variable] : [])),
    ...assigned,
  ];
}
