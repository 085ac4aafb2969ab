/** What a trace went through: a second one must go through the same. */
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
    JSON.stringify(before.attributes) === JSON.stringify(attributes) &&
    nameOf(before.inputs) === nameOf(inputs)
  );
}

const nameOf = (edges: readonly Edge[]) => edges.map(({ node, output }) => `${node.name}:${output}`).join();

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
