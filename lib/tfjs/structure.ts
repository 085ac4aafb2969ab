/** Nested lists and records of tensors, taken apart and put together again. */
import { tf } from './tensorflow';

/** How a value is nested: a tensor, a list, a record. */
export type Structure = 'tensor' | readonly Structure[] | { readonly [key: string]: Structure };

export interface Flat {
  structure: Structure;
  tensors: tf.Tensor[];
}

/**
 * @param what names the value in the error
 * @throws Error if something else than tensors, lists and plain records is found
 */
export function flatten(value: unknown, what: string): Flat {
  const tensors: tf.Tensor[] = [];
  function visit(part: unknown, path: string): Structure {
    if (part instanceof tf.Tensor) {
      if (part.isDisposed) throw new Error(`Expected a tensor in ${path}, found one that was disposed`);
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
    if (isList(part)) return part.map(build);
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, build(each)]));
  }
  return build(structure);
}

const isList = (part: Structure): part is readonly Structure[] => Array.isArray(part);

function isPlainRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // A record made in a notebook's cell has another realm's prototype, one level above null all the same.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  if (value instanceof Promise) return 'a promise: the function must not be async';
  if (typeof value === 'number') return `the number ${value}: make it a tensor, tf.scalar(${value})`;
  if (typeof value === 'object' && value !== null) return `an object of class ${value.constructor.name}`;
  return String(value);
}
