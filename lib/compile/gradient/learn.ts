import { tf } from '../../tfjs/tensorflow';
import { flatten, unflatten } from '../../tfjs/structure';
import { nextTensorId, recordOnTape, tapeState, withoutTape } from '../../tfjs/tape';

/** What a run of a function within a gradient, operation by operation, has shown of it. */
export interface Learned {
  /** Tensors and variables from outside that it computed with, which gradients may go to. */
  readonly captured: readonly tf.Tensor[];
  readonly results: readonly Result[];
}

export interface Result {
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
  /** Whether a gradient came back to it. */
  isUsed: boolean;
}

export const isFloat = ({ dtype }: { readonly dtype: tf.DataType }): boolean => dtype === 'float32';

export const isNothing = (part: unknown): boolean => part === undefined || part === null;

/**
 * Run the function, and look at what it leaves on the tape.
 * @returns its result; and what was learned, unless a graph cannot give its gradient
 */
export function runAndLearn<T>(run: () => T, args: readonly tf.Tensor[]): { result: T; learned?: Learned } {
  const tape = tapeState().activeTape ?? [];
  const firstOwn = nextTensorId();
  const start = tape.length;
  const outer = new Set(tape.flatMap(({ outputs }) => outputs.map(({ id }) => id)));
  const result = run();
  const isArgument = new Set(args.map(({ id }) => id));
  const captured = new Map<number, tf.Tensor>();
  for (const { inputs } of tape.slice(start)) {
    for (const tensor of Object.values(inputs)) {
      const isOutside = tensor.id < firstOwn && !isArgument.has(tensor.id);
      if (!isOutside || !isFloat(tensor)) continue;
      // Computed within the gradient, and captured: most likely another tensor at each call.
      if (outer.has(tensor.id)) return { result };
      captured.set(tensor.id, tensor);
    }
  }
  try {
    const { tensors, structure } = flatten(result, 'the result', isNothing);
    const results = tensors.map(({ shape, dtype }): Result => ({ shape, dtype, isUsed: false }));
    const watched = tensors.map((tensor, i) => (isFloat(tensor) ? watch(tensor, results[i]) : tensor));
    return {
      result: unflatten(structure, watched) as T,
      learned: { captured: [...captured.values()], results },
    };
  } catch {
    return { result }; // a trace would refuse it
  }
}

/** The same tensor; notes when a gradient comes back to it. */
function watch(tensor: tf.Tensor, result: Result): tf.Tensor {
  const watched = withoutTape(() => tf.clone(tensor));
  recordOnTape('watch', [tensor], [watched], [], ([gradient]) => {
    result.isUsed = true;
    return [tf.clone(gradient as tf.Tensor)];
  });
  return watched;
}
