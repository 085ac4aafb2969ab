import { tf } from '../../tfjs/tensorflow';
import { CompileError } from '../compile_error';
import { withDraws } from './draws';
import { Footprint } from './footprint';
import type { Graph } from '../graph/graph';
import { intercept } from './intercept';
import { randWhileTracing } from './javascript_draws';
import { nodeBackend, type Values } from '../../tfjs/node_backend';
import { settingsOf } from './optimizer_settings';
import type { Recorder } from './recorder';
import { disposedSince } from './refusals';
import { newVariables, type Run } from './replacements';
import { flatten, isPlainRecord, isPromise, unflatten, type Structure } from '../../tfjs/structure';
import { ShapeGuard } from './value_shapes';

export type TensorFunction = (...args: never[]) => unknown;

/** A function of tensors, and how they are nested in its list of arguments. */
export interface Traceable {
  readonly fn: TensorFunction;
  readonly structure: Structure;
  /** Two int32 numbers: what it draws in this trace, such as the first weights of a layer. Default [1, 1]. */
  readonly seed?: readonly number[];
}

let active: Recorder | undefined;
/** Whether a function is being traced now: what it calls is traced with it. */
export const isTracing = (): boolean => active !== undefined;
/** What writes down the function that is being traced now. */
export const activeRecorder = (): Recorder | undefined => active;

/**
 * Run the function once, with its operations, arrays and variables under watch. Variables have their old values again
 * afterwards; what else it leaves is for settle or undo (rollback.ts).
 * @param runs gets this run
 * @throws CompileError when the function does what a graph cannot
 */
export function runTraced(
  recorder: Recorder,
  { fn, structure: argsStructure, seed: traceSeed = [1, 1] }: Traceable,
  tensors: readonly tf.Tensor[],
  runs: Run[],
): Graph {
  const variables = allVariables();
  // For the time of the trace each variable holds a copy of its value: so it can be told from outside tensors that
  // share the value, and assignments can be taken back.
  const values = variables.map(variable => tf.clone(variable));
  const firstSeed = tf.tensor1d([...traceSeed], 'int32');
  const guard = new ShapeGuard(error => recorder.refuse(error));
  const footprint = new Footprint(guard, tensor => {
    const edge = recorder.edgeOfData(tensor.dataId);
    if (edge) guard.hide(tensor, edge);
  });
  runs.push({ recorder, footprint });
  active = recorder;
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 200; // tfjs alone has dozens of frames in a gradient
  tf.engine().startScope('trace');
  try {
    return footprint.watch(() => {
      const copies = variables.map((variable, i) => {
        const copy = recorder.copy(values[i]);
        variable.assign(copy);
        recorder.expect(variable, { kind: 'variable', variable, trainable: variable.trainable });
        return copy.dataId;
      });
      const args = tensors.map((tensor, index) => {
        const copy = recorder.copy(tensor);
        recorder.addArgument(copy, index);
        return copy;
      });
      const seed = recorder.copy(firstSeed);
      recorder.expect(seed, { kind: 'seed' });
      return intercept(nodeBackend(), recorder, () => {
        const body = () => call(fn, unflatten(argsStructure, args) as never[]);
        const result = flattenResult(
          withDraws(
            () => seed,
            body,
            rand => randWhileTracing(recorder, rand),
          ),
          recorder,
        );
        const results = result.tensors.map(tensor => recorder.edgeOf(tensor));
        const assigned = variables.filter((variable, i) => variable.dataId !== copies[i]);
        const assignments = assigned.map(variable => ({ variable, value: recorder.edgeOf(variable) }));
        recorder.finish();
        recorder.assigned.push(...assigned);
        const made = newVariables(runs[0]).map(({ variable }) => variable);
        if (runs.length <= 2 && made.length > 0) {
          const others = assigned.filter(variable => !made.includes(variable));
          runs[runs.length - 1].outcome = [...result.tensors, ...others, ...made].map(valuesOf);
        }
        const { nodes, inputs } = recorder;
        const steps = [...footprint.steps].map(([optimizer, { count }]) => ({
          optimizer,
          count,
          settings: settingsOf(optimizer),
        }));
        const { structure } = result;
        const read = recorder.captured.filter(dataId => !recorder.edgeOfData(dataId));
        return { nodes, inputs, results, structure, assignments, steps, read };
      });
    });
  } finally {
    active = undefined;
    Error.stackTraceLimit = stackTraceLimit;
    tf.engine().endScope();
    variables.forEach((variable, i) => {
      variable.assign(values[i]);
      values[i].dispose();
    });
    firstSeed.dispose();
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
