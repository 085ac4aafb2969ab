/** What a trace went through: a second one must go through the same. */
import { isDeepStrictEqual } from 'node:util';
import type { Edge, Operation } from '../graph/graph';
import type { Attribute, Values } from '../../tfjs/node_backend';

export interface Story {
  /** The arrays that JavaScript made into tensors, in order. */
  readonly written: readonly Values[];
  readonly operations: readonly Operation[];
  /** The values that JavaScript read, in order. */
  readonly read: readonly Values[];
  /** The data of tensors made outside, in the order in which they were first used. */
  readonly captured: readonly object[];
  /** Whether an array may be another one than before. Default: never. */
  readonly explains?: (place: number, written: Values, again: Values) => boolean;
}

/** Whether an operation is the one that the story has in this place. */
export function isSameOperation(
  before: Operation | undefined,
  op: string,
  attributes: readonly Attribute[],
  inputs: readonly Edge[],
): before is Operation {
  return (
    before?.op === op &&
    isEach(before.attributes, attributes, isSameAttribute) &&
    isEach(before.inputs, inputs, (a, b) => a.output === b.output && a.node.name === b.node.name)
  );
}

function isEach<T>(a: readonly T[], b: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((each, i) => isSame(each, b[i]));
}

const isSameAttribute = (a: Attribute, b: Attribute) =>
  a.name === b.name && a.type === b.type && (a.value === b.value || isDeepStrictEqual(a.value, b.value));

export function isSameValues(a: Values | undefined, b: Values): boolean {
  if (a === undefined || a.length !== b.length) return false;
  for (let i = 0; i < b.length; i++) {
    const [x, y] = [a[i], b[i]];
    const same = typeof x === 'object' ? Buffer.compare(x, y as Uint8Array) === 0 : Object.is(x, y);
    if (!same) return false;
  }
  return true;
}

/** Whether two runs of one computation gave the same, but for rounding. */
export function isAlike(a: readonly Values[], b: readonly Values[]): boolean {
  return a.length === b.length && a.every((values, i) => isClose(values, b[i]));
}

function isClose(a: Values, b: Values): boolean {
  if (a.length !== b.length || !ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return isSameValues(a, b);
  return a.every((x, i) => Object.is(x, b[i]) || Math.abs(x - b[i]) <= 1e-5 * Math.max(1, Math.abs(x)));
}
