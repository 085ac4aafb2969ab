import { tf } from '../../tfjs/tensorflow';

/** The dimensions of the arguments whose sizes a graph leaves open; those of equal size in a call are one unknown. */
export interface Unknowns {
  /** For each tensor among the arguments, for each of its axes: the number of the unknown, if it is one. */
  readonly axes: readonly (readonly (number | undefined)[])[];
  /** In this call, one for each unknown. */
  readonly sizes: readonly number[];
}

/** The sizes that a function is traced at, for each unknown other ones, are among these: nothing else is likely to have them. */
const primes = [
  ...[
    11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113,
  ],
  ...[
    127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223, 227, 229, 233,
  ],
];

/** So many dimensions of different sizes there can be. */
export const mostUnknowns = 4;

/** Whether nothing but numbers of examples is left open: then no window has to fit into these dimensions. */
const isBatch = ({ axes }: Unknowns) =>
  axes.every(each => each.slice(1).every(unknown => unknown === undefined));

/**
 * Points to trace at, each with a size for each unknown: more points than a formula has coefficients. Other dimensions
 * than a batch's are not much smaller than those of the call, for the sake of windows that must fit in.
 */
export function pointsFor(unknowns: Unknowns): number[][] {
  const { sizes } = unknowns;
  const count = sizes.length === 1 ? 3 : 5;
  const least = Math.min(64, Math.max(11, ...sizes));
  const free = isBatch(unknowns) ? [2, 3, 5, 7, ...primes] : primes.filter(prime => prime >= least);
  // Now the one unknown is the largest, now the other.
  return Array.from({ length: count }, (_, i) => {
    const own = free.slice(i * sizes.length, (i + 1) * sizes.length);
    return i % 2 === 0 ? own : own.reverse();
  });
}

/**
 * Where a function may change its mind: at larger sizes than it was traced at, and at smaller ones.
 * @param elementsAt how many numbers it writes at such sizes
 */
export function checksFor(unknowns: Unknowns, elementsAt: (sizes: readonly number[]) => number): number[][] {
  const all = (size: number) => unknowns.sizes.map((_, unknown) => size + 2 * unknown);
  // Some functions make large arrays of JavaScript: of some megabytes here, not of hundreds.
  const large = [1009, 499, 211].find(size => elementsAt(all(size)) < 2 ** 21) ?? 101;
  return (isBatch(unknowns) ? [large] : [2, large]).map(all);
}

const shapeAt = ({ shape }: tf.Tensor, axes: readonly (number | undefined)[], sizes: readonly number[]) =>
  shape.map((size, axis) => sizes[axes[axis] ?? -1] ?? size);

/** A tensor of this shape whose values are nowhere: for a replay. */
export const standIn = (
  tensor: tf.Tensor,
  axes: readonly (number | undefined)[],
  sizes: readonly number[],
): tf.Tensor => Object.create(tensor, { shape: { value: shapeAt(tensor, axes, sizes) } }) as tf.Tensor;

/** The same tensor with its first rows, columns, … over and over, until the unknown dimensions have these sizes. */
export function resize(
  tensor: tf.Tensor,
  axes: readonly (number | undefined)[],
  sizes: readonly number[],
): tf.Tensor {
  const shape = shapeAt(tensor, axes, sizes);
  if (tensor.size === 0) return tf.zeros(shape, tensor.dtype);
  return tf.tidy(() => {
    const resized = shape.reduce((part, size, axis) => {
      if (size === part.shape[axis]) return part;
      const indices = Array.from({ length: size }, (_, i) => i % part.shape[axis]);
      return tf.gather(part, tf.tensor1d(indices, 'int32'), axis);
    }, tensor);
    return resized === tensor ? tf.clone(tensor) : resized;
  });
}
