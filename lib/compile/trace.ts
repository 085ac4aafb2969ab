import { tf } from '../tfjs/tensorflow';
import { CompileError } from './compile_error';
import { Footprint } from './footprint';
import type { Graph } from './graph';
import { intercept } from './intercept';
import { nodeBackend, type Values } from '../tfjs/node_backend';
import { feedRates, OtherRates, settingsOf } from './optimizer_settings';
import { Recorder } from './recorder';
import { disposedSince, otherFirstCall } from './refusals';
import type { Run } from './replacements';
import { settle, undo } from './rollback';
import { isAlike, type Story } from './story';
import { flatten, isPlainRecord, isPromise, unflatten, type Structure } from '../tfjs/structure';
import { ShapeGuard } from './value_shapes';

export type TensorFunction = (...args: never[]) => unknown;

/** A function of tensors, and how they are nested in its list of arguments. */
export interface Traceable {
  readonly fn: TensorFunction;
  readonly structure: Structure;
}

let tracing = false;
/** Whether a function is being traced now: what it calls is traced with it. */
export const isTracing = (): boolean => tracing;

/**
 * Run a function and write down what it does, as a graph. Then run it a second time, without any arithmetic, to see
 * that it does the same again: numbers drawn in JavaScript, or a state that it replaces, would be frozen in the graph.
 * @throws CompileError when the function does what a graph cannot; nothing outside is changed by it then
 */
export function trace(traceable: Traceable, tensors: readonly tf.Tensor[]): { graph: Graph; story: Story } {
  const runs: Run[] = [];
  const run = (recorder: Recorder) => traceWith(recorder, traceable, tensors, runs);
  try {
    let recorder = new Recorder(nodeBackend());
    let graph = run(recorder);
    if (hasMadeVariables(runs[0])) {
      // As an optimizer does at its first step. From now on they are there, as any other.
      recorder = new Recorder(nodeBackend());
      graph = run(recorder);
      refuseNewVariables(runs[1]);
      if (!isAlike(runs[0].outcome ?? [], runs[1].outcome ?? [])) throw otherFirstCall();
    }
    const rates = runAgain(recorder, graph, run);
    refuseNewVariables(runs[runs.length - 1]);
    settle(runs);
    feedRates(graph, recorder.constants, rates);
    const { written, operations, read, captured } = recorder;
    return { graph, story: { written, operations, read, captured, explains: place => rates.has(place) } };
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

/** The call stack at which the function makes an operation, found by tracing it once more. */
export function stackOfOperation(
  index: number,
  story: Story,
  traceable: Traceable,
  tensors: readonly tf.Tensor[],
): string | undefined {
  const runs: Run[] = [];
  const recorder = new Recorder(nodeBackend(), story);
  let stack: string | undefined;
  recorder.executeOp = (...call) => {
    if (recorder.operations.length === index) stack = new Error().stack;
    return Recorder.prototype.executeOp.apply(recorder, call);
  };
  try {
    traceWith(recorder, traceable, tensors, runs);
  } catch {
    // It does something else by now: then nobody can tell.
  } finally {
    undo(runs);
  }
  return stack;
}

function traceWith(
  recorder: Recorder,
  { fn, structure }: Traceable,
  tensors: readonly tf.Tensor[],
  runs: Run[],
): Graph {
  const variables = allVariables();
  // For the time of the trace each variable holds a copy of its value: so it can be told from outside tensors that
  // share the value, and assignments can be taken back.
  const values = variables.map(variable => tf.clone(variable));
  const guard = new ShapeGuard(error => recorder.refuse(error));
  const footprint = new Footprint(guard, tensor => {
    const edge = recorder.edgeOfData(tensor.dataId);
    if (edge) guard.hide(tensor, edge);
  });
  runs.push({ recorder, footprint });
  tracing = true;
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 200; // tfjs alone has dozens of frames in a gradient
  tf.engine().startScope('trace');
  try {
    return footprint.watch(() => {
      const copies = variables.map((variable, i) => {
        const copy = recorder.copy(values[i]);
        variable.assign(copy);
        recorder.addVariable(variable);
        return copy.dataId;
      });
      const args = tensors.map((tensor, index) => {
        const copy = recorder.copy(tensor);
        recorder.addArgument(copy, index);
        return copy;
      });
      return intercept(nodeBackend(), recorder, () => {
        const result = flattenResult(call(fn, unflatten(structure, args) as never[]), recorder);
        const results = result.tensors.map(tensor => recorder.edgeOf(tensor));
        const assigned = variables.filter((variable, i) => variable.dataId !== copies[i]);
        const assignments = assigned.map(variable => ({ variable, value: recorder.edgeOf(variable) }));
        recorder.finish();
        recorder.assigned.push(...assigned);
        if (runs.length <= 2 && hasMadeVariables(runs[0])) {
          const made = aliveOf(runs[0]).map(({ variable }) => variable);
          const others = assigned.filter(variable => !made.includes(variable));
          runs[runs.length - 1].outcome = [...result.tensors, ...others, ...made].map(valuesOf);
        }
        const { nodes, inputs } = recorder;
        const steps = [...footprint.steps].map(([optimizer, { count }]) => ({
          optimizer,
          count,
          settings: settingsOf(optimizer),
        }));
        return { nodes, inputs, results, structure: result.structure, assignments, steps };
      });
    });
  } finally {
    tracing = false;
    Error.stackTraceLimit = stackTraceLimit;
    tf.engine().endScope();
    variables.forEach((variable, i) => {
      variable.assign(values[i]);
      values[i].dispose();
    });
    footprint.restoreVariables();
  }
}

/** A tensor's values in a trace, which the function itself does not get to see. */
function valuesOf({ dataId }: tf.Tensor): Values {
  const { tensorMap, binding } = nodeBackend();
  const { id, values } = tensorMap.get(dataId);
  return values ?? binding.tensorDataSync(id);
}

/** Run the function; tfjs's own words for a tensor that is gone are not enough. */
function call(fn: TensorFunction, args: never[]): unknown {
  try {
    return fn(...args);
  } catch (error) {
    if (error instanceof Error && error.message === 'Tensor is disposed.') {
      const refusal = disposedSince('tensor');
      refusal.stack = error.stack?.replace(/^.*\n/, `${refusal.name}: ${refusal.message}\n`);
      throw refusal;
    }
    throw error;
  }
}

function flattenResult(result: unknown, recorder: Recorder): ReturnType<typeof flatten> {
  silence(result);
  if (recorder.refusal) throw recorder.refusal;
  try {
    return flatten(result, 'the result', part => part === undefined || part === null);
  } catch (error) {
    throw new CompileError((error as Error).message);
  }
}

/** The promises in a result that is refused: nobody is there to catch their errors. */
function silence(value: unknown): void {
  if (isPromise(value)) void value.then(undefined, () => {});
  else if (Array.isArray(value)) value.forEach(silence);
  else if (isPlainRecord(value)) Object.values(value).forEach(silence);
}

const allVariables = () => Object.values(tf.engine().registeredVariables);

const aliveOf = ({ footprint }: Run) => footprint.variables.filter(({ variable }) => !variable.isDisposed);
const hasMadeVariables = (run: Run) => aliveOf(run).length > 0;

function refuseNewVariables(run: Run): void {
  for (const { error } of aliveOf(run)) throw error;
}

/** After a refusal only those stay that the function uses again, having made them: an optimizer's. */
function disposeNewVariables([first, ...later]: readonly Run[]): void {
  if (later.length === 0) return;
  const used = new Set(later.flatMap(usedVariables));
  for (const run of [first, ...later]) {
    for (const { variable } of aliveOf(run)) if (!used.has(variable)) variable.dispose();
  }
}

function usedVariables({ recorder: { inputs, assigned } }: Run): tf.Variable[] {
  return [
    ...inputs.flatMap(({ source }) => (source.kind === 'variable' ? [source.variable] : [])),
    ...assigned,
  ];
}
