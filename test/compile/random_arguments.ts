/** Tensors of random shapes and values for operations of tfjs, and a table of such operations. */
import type { Random } from '../../lib/base/random';
import { tf } from '../../lib/tfjs/tensorflow';

/** What values a tensor has: any, positive ones, from −0.9 to 0.9, whole ones below a number, true or false. */
export type Values = 'any' | 'positive' | 'unit' | 'bool' | { readonly below: number };

export interface Argument {
  readonly shape: readonly number[];
  readonly values: Values;
}

/** An operation with everything fixed but the values of its tensors. */
export interface Call {
  readonly args: readonly Argument[];
  readonly run: (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  /** Whether tfjs has its gradient by all arguments of real numbers. Default true. */
  readonly hasGradient?: boolean;
}

export function draw({ shape, values }: Argument, random: Random): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const one = () => {
    const u = random.uniform() * 2 - 1;
    if (values === 'any') return 3 * u;
    if (values === 'positive') return 0.1 + Math.abs(3 * u);
    return values === 'unit' ? 0.9 * u : random.integer(values === 'bool' ? 2 : values.below);
  };
  const isReal = values === 'any' || values === 'positive' || values === 'unit';
  const dtype = values === 'bool' ? 'bool' : isReal ? 'float32' : 'int32';
  return tf.tensor(Array.from({ length: size }, one), [...shape], dtype);
}

/** From `least` to `most` axes of 1 to 4. */
export function randomShape(random: Random, least: number, most: number): number[] {
  return Array.from({ length: least + random.integer(most - least + 1) }, () => 1 + random.integer(4));
}

/** A shape that goes with this one: some of its axes are 1, or left out at the front. */
export const broadcastable = (shape: readonly number[], random: Random): number[] =>
  shape.map(size => (random.integer(3) === 0 ? 1 : size)).slice(random.integer(shape.length + 1));

export const oneOf = <T>(choices: readonly T[], random: Random): T => choices[random.integer(choices.length)];

/** None, one or more of the axes; sometimes counted from the end. */
export function randomAxes(rank: number, random: Random): number[] | undefined {
  if (random.integer(4) === 0) return undefined;
  const axes = Array.from({ length: rank }, (_, axis) => axis).filter(() => random.integer(2) === 0);
  const some = axes.length > 0 ? axes : [random.integer(rank)];
  return random.integer(3) === 0 ? some.map(axis => axis - rank) : some;
}
