/** The gradient of a function by tfjs's own means. */
import { tf } from '../../tfjs/tensorflow';
import { flatten, type Structure } from '../../tfjs/structure';
import type { TensorFunction } from '../trace/run_traced';
import { isFixed } from '../signature';
import { isFloat, isNothing } from './learn';

export interface Gradients {
  /** The function's results, flat. */
  readonly results: tf.Tensor[];
  readonly structure: Structure;
  readonly sources: readonly (number | tf.Tensor)[];
  /** By the sources, in order; undefined where a result does not depend on the source. */
  readonly gradients: readonly (tf.Tensor | undefined)[];
}

/** What gradients may go to: arguments, by their numbers, and what the function took from outside. */
export const candidatesOf = (
  args: readonly { readonly dtype: tf.DataType }[],
  captured: readonly tf.Tensor[],
): (number | tf.Tensor)[] => [...args.flatMap((arg, i) => (isFloat(arg) ? [i] : [])), ...captured];

/**
 * @param args as the function takes them
 * @param captured what it took from outside
 * @param incoming the gradient of each result; undefined for a result that nothing depends on
 */
export function gradientsOf(
  fn: TensorFunction,
  args: readonly unknown[],
  captured: readonly tf.Tensor[],
  incoming: readonly (tf.Tensor | undefined)[],
): Gradients {
  const { tensors } = flatten(args, 'the arguments', isFixed);
  const sources = candidatesOf(tensors, captured);
  let results: tf.Tensor[] = [];
  let structure: Structure = [];
  const total = () => {
    const flat = flatten((fn as (...args: unknown[]) => unknown)(...args), 'the result', isNothing);
    structure = flat.structure;
    results = flat.tensors.map(tensor => tf.keep(tf.clone(tensor)));
    const products = results.flatMap((result, i) => {
      const gradient = incoming[i];
      return gradient ? [tf.sum(tf.mul(result, gradient))] : [];
    });
    return products.reduce((sum, product) => tf.add(sum, product));
  };
  const { grads } = tf.engine().gradients(
    total,
    sources.map(source => (typeof source === 'number' ? tensors[source] : source)),
    undefined,
    true,
  );
  return { results, structure, sources, gradients: grads };
}
