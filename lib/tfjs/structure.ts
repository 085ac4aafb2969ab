/** Nested lists and records of tensors, taken apart and put together again. */
import { tf } from './tensorflow';

/** Stands in a structure for a value that is no tensor to be fed: a number among the arguments, null in a result. */
export class Fixed {
  constructor(readonly value: unknown) {}
}

/** How a value is nested: a tensor, a fixed value, a list, a record. */
export type Structure = 'tensor' | Fixed | readonly Structure[] | { readonly [key: string]: Structure };

export interface Flat {
  structure: Structure;
  tensors: tf.Tensor[];
}

/**
 * @param what names the value in the error
 * @param isFixed which parts stay in the structure as they are. Default: none
 * @throws Error if something else than tensors, lists and plain records is found
 */
export function flatten(
  value: unknown,
  what: string,
  isFixed: (part: unknown) => boolean = () => false,
): Flat {
  const tensors: tf.Tensor[] = [];
  function visit(part: unknown, path: string): Structure {
    if (part instanceof tf.Tensor && part.isDisposed)
      throw new Error(`Expected a tensor in ${path}, found one that was disposed`);
    if (isFixed(part)) return new Fixed(part);
    if (part instanceof tf.Tensor) {
      tensors.push(part as tf.Tensor);
      return 'tensor';
    }
    if (Array.isArray(part)) return part.map((each, i) => visit(each, `${path}[${i}]`));
    if (isPlainRecord(part)) {
      return Object.fromEntries(
        Object.entries(part).map(([key, each]) => [key, visit(each, `${path}.${key}`)]),
      );
    }
    throw new Error(`Expected tensors, or lists and records of tensors, in ${path}, found ${describe(part)}`);
  }
  return { structure: visit(value, what), tensors };
}

/** The reverse of `flatten`. */
export function unflatten(structure: Structure, tensors: readonly tf.Tensor[]): unknown {
  let next = 0;
  function build(part: Structure): unknown {
    if (part === 'tensor') return tensors[next++];
    if (part instanceof Fixed) return part.value;
    if (isList(part)) return part.map(build);
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, build(each)]));
  }
  return build(structure);
}

const isList = (part: Structure): part is readonly Structure[] => Array.isArray(part);

export function isPlainRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // A record made in a notebook's cell has another realm's prototype, one level above null all the same.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  if (isPromise(value)) return 'a promise: the function must not be async';
  if (typeof value === 'number') return `the number ${value}: make it a tensor, tf.scalar(${value})`;
  if (typeof value === 'function') return `the function ${value.name || 'without a name'}`;
  if (typeof value === 'object' && value !== null) return `an object of class ${value.constructor.name}`;
  return String(value);
}

export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
