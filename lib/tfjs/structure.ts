/** Nested lists and records of tensors, taken apart and put together again. */
import { tf } from './tensorflow';

/** One thing, or lists and records of it, however deep: a state of tensors, the widths of a state. */
export type Nested<T> = T | readonly Nested<T>[] | { readonly [name: string]: Nested<T> };

/** The way to a part: names of records, and indices of lists. */
export type Path = readonly (string | number)[];

/** Stands in a structure for a value that is no tensor to be fed: a number among the arguments, null in a result. */
export class Fixed {
  constructor(readonly value: unknown) {}
}

/** A tensor; one with the mask that a layer of tf.layers left on it, which is the next tensor; a value. */
type Leaf = 'tensor' | 'masked' | Fixed;

/** How a value is nested. */
export type Structure = Nested<Leaf>;

export interface Flat {
  structure: Structure;
  tensors: tf.Tensor[];
}

/** What `visit` makes of each leaf, nested as the leaves are. */
export function mapNested<T, U>(
  nested: Nested<T>,
  isLeaf: (part: Nested<T>) => part is T,
  visit: (leaf: T, path: Path) => U,
  path: Path = [],
): Nested<U> {
  if (isLeaf(nested)) return visit(nested, path);
  const inner = (part: Nested<T>, name: string | number) => mapNested(part, isLeaf, visit, [...path, name]);
  if (isList(nested)) return nested.map(inner);
  return Object.fromEntries(Object.entries(nested).map(([name, part]) => [name, inner(part, name)]));
}

/** `mapNested` for tensors. */
export function mapTensors<T extends tf.Tensor, U>(
  nested: Nested<T>,
  visit: (tensor: T, path: Path) => U,
): Nested<U> {
  return mapNested(nested, (part): part is T => part instanceof tf.Tensor, visit);
}

/** What stands at the end of the way. */
export function partAt<T>(nested: Nested<T>, path: Path): Nested<T> {
  return path.reduce((part, name) => (part as Readonly<Record<string | number, Nested<T>>>)[name], nested);
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
  const isLeaf = (part: unknown): part is unknown =>
    isFixed(part) || !(Array.isArray(part) || isPlainRecord(part));
  const structure = mapNested<unknown, Leaf>(value, isLeaf, (part, path) => {
    if (isFixed(part) && !(part instanceof tf.Tensor && part.isDisposed)) return new Fixed(part);
    if (part instanceof tf.Tensor && !part.isDisposed) {
      const mask = maskOf(part as tf.Tensor);
      tensors.push(part as tf.Tensor, ...(mask ? [mask] : []));
      return mask ? 'masked' : 'tensor';
    }
    const place = path.reduce<string>(
      (text, name) => `${text}${typeof name === 'number' ? `[${name}]` : `.${name}`}`,
      what,
    );
    if (part instanceof tf.Tensor) {
      throw new Error(`Expected a tensor in ${place}, found one that was disposed`);
    }
    throw new Error(
      `Expected tensors, or lists and records of tensors, in ${place}, found ${describe(part)}`,
    );
  });
  return { structure, tensors };
}

/** The reverse of `flatten`. */
export function unflatten(structure: Structure, tensors: readonly tf.Tensor[]): Nested<tf.Tensor> {
  let next = 0;
  const isLeaf = (part: Structure): part is Leaf => typeof part === 'string' || part instanceof Fixed;
  return mapNested(structure, isLeaf, part => {
    if (part instanceof Fixed) return part.value as tf.Tensor;
    const tensor = tensors[next++];
    if (part === 'masked') tensor.kerasMask = tensors[next++];
    return tensor;
  });
}

/** What a layer of tf.layers has found to be padding, for the layers after it. */
export const maskOf = ({ kerasMask: mask }: tf.Tensor): tf.Tensor | undefined =>
  mask?.isDisposed === false ? mask : undefined;

const isList = <T>(part: Nested<T>): part is readonly Nested<T>[] => Array.isArray(part);

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
