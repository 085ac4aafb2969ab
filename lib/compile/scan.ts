import { gradientDepth } from '../tfjs/tape';
import { flatten, unflatten, type Nested, type Structure } from '../tfjs/structure';
import { tf } from '../tfjs/tensorflow';
import { errorHere } from './compile_error';
import { stepResult, type AnyStep } from './trace/loop/record_step';
import { activeRecorder } from './trace/run_traced';
import { traceScan } from './trace/loop/trace_scan';

/** What goes through a scan: a tensor, or lists and records of them. */
export type Tensors = Nested<tf.Tensor>;

/** What a step returns. Output: also undefined, or with undefined in it. */
export interface ScanStep<Output, State> {
  output: Output;
  state: State;
}

export interface ScanResult<Output, State> {
  /** One for each step. */
  outputs: Output[];
  /** After the last step. */
  state: State;
}

/**
 * Run a step for each input in turn, with a state that goes from step to step (JAX's lax.scan; TensorFlow's tf.scan and
 * tf.while_loop).
 *
 * In a compiled function the step is traced once, and its gradient once, and becomes a loop of the graph: a thousand
 * steps are as quickly traced and optimised as one. The step must then do the same each time: what changes from step to
 * step comes from its input and its state, random numbers from tf.dropout, tf.randomUniform and the like, which draw
 * others at each step. Anywhere else, and within the gradient of a gradient, it is a plain loop, with the same numbers.
 *
 * Gradients go to the inputs, the first state, and to variables and other tensors that the step takes from outside.
 *
 * @param step returns its output and the next state, which has the form, shapes and types of the state before
 * @param inputs a list with one for each step, all of the same form, shapes and types, so for a sequence one
 * [batch, features] for each time step; or a number of steps: then the inputs are 0, 1, … as int32 scalars
 * @param state before the first step
 * @throws CompileError for a step that returns another form of state, or does not do the same each time
 *
 * @example
 * const powers = scan((_, x: tf.Tensor) => ({ output: x, state: tf.mul(x, 2) }), 10, tf.scalar(1)).outputs; // 1, 2, 4, …
 */
export function scan<Input extends Tensors, Output, State extends Tensors>(
  step: (input: Input, state: State) => ScanStep<Output, State>,
  inputs: readonly Input[],
  state: State,
): ScanResult<Output, State>;
export function scan<Output, State extends Tensors>(
  step: (index: tf.Scalar, state: State) => ScanStep<Output, State>,
  steps: number,
  state: State,
): ScanResult<Output, State>;
export function scan(
  step: AnyStep,
  inputs: readonly Tensors[] | number,
  state: Tensors,
): ScanResult<unknown, unknown> {
  const steps = typeof inputs === 'number' ? inputs : inputs.length;
  if (!Number.isInteger(steps) || steps < 0) {
    throw errorHere(`Expected a whole number of steps for scan, or a list of inputs, found ${steps}`);
  }
  const start = flattened(state, 'the state of a scan');
  const elements =
    typeof inputs === 'number' ? undefined : inputs.map((each, t) => flattened(each, `input ${t} of a scan`));
  checkAlike(elements ?? []);
  const recorder = activeRecorder();
  if (!recorder || steps < 2 || gradientDepth() > 1) return loop(step, inputs, state, steps, start);
  return tf.tidy(() => {
    const firsts = elements?.[0].tensors ?? [tf.scalar(0, 'int32')];
    const sequences = elements
      ? firsts.map((_, i) => tf.stack(elements.map(({ tensors }) => tensors[i])))
      : [tf.range(0, steps, 1, 'int32')];
    const inputStructure: Structure = elements?.[0].structure ?? 'tensor';
    const scanned = {
      step,
      steps,
      inputStructure,
      stateStructure: start.structure,
      firsts,
      state: start.tensors,
    };
    const { outputs, state: last } = traceScan(recorder, scanned, sequences);
    return { outputs, state: unflatten(start.structure, last) } as never;
  });
}

/** Step by step. */
function loop(
  step: AnyStep,
  inputs: readonly Tensors[] | number,
  first: Tensors,
  steps: number,
  start: { structure: Structure; tensors: tf.Tensor[] },
): ScanResult<unknown, unknown> {
  let state: unknown = first;
  const outputs: unknown[] = [];
  for (let t = 0; t < steps; t++) {
    // What lies between is freed before the next step.
    const result = tf.tidy(() => {
      const input = typeof inputs === 'number' ? tf.scalar(t, 'int32') : inputs[t];
      const result = step(input as never, state as never);
      stepResult(result, start.structure, start.tensors);
      return result as never;
    }) as ScanStep<unknown, unknown>;
    outputs.push(result.output);
    state = result.state;
  }
  return { outputs, state };
}

function flattened(value: unknown, what: string): ReturnType<typeof flatten> {
  try {
    return flatten(value, what);
  } catch (error) {
    throw errorHere((error as Error).message);
  }
}

function checkAlike(elements: readonly ReturnType<typeof flatten>[]): void {
  const describe = ({ structure, tensors }: ReturnType<typeof flatten>) =>
    `${JSON.stringify(structure)} of ${tensors.map(({ dtype, shape }) => `${dtype} [${shape.join(', ')}]`).join(', ')}`;
  const [first] = elements.slice(0, 1).map(describe);
  elements.forEach((element, t) => {
    const found = describe(element);
    if (found === first) return;
    throw errorHere(
      `Expected inputs of one form, shape and type for a scan, found ${first} at step 0 and ${found} at step ${t}: pad ` +
        'or divide them',
    );
  });
}
