/** Which graph a call gets: one for each combination of shapes, types and values that are no tensors. */
import { tf } from '../tfjs/tensorflow';
import { errorHere } from './compile_error';
import { OpenShapes, type InputShapes } from './sizes/open_shapes';
import type { Unknowns } from './sizes/unknowns';
import { isForeign } from './trace/foreign_types';
import { nodeBackend, type NodeBackend } from '../tfjs/node_backend';
import { flatten, isPlainRecord, maskOf, type Structure } from '../tfjs/structure';

export interface Signature {
  /** The same for all calls that one graph serves. */
  readonly key: string;
  /** What comes in at each call, in order. */
  readonly tensors: tf.Tensor[];
  /** The dimensions that inputShapes leaves open, if there are any. */
  readonly unknowns?: Unknowns;
}

/**
 * Numbers, texts and the like are fixed in the graph, as all that decides what a function does; variables are the
 * function's own from then on, as if it had taken them from outside.
 */
export const isFixed = (part: unknown): boolean =>
  part === null ||
  ['number', 'boolean', 'string', 'undefined', 'bigint'].includes(typeof part) ||
  part instanceof tf.Variable;

/**
 * @param shapes of the tensors, where some sizes are left open
 * @throws CompileError if something else is among the arguments, or if they are of other shapes
 */
export function signatureOf(args: readonly unknown[], shapes?: InputShapes): Signature {
  const backend = nodeBackend();
  const tensors: tf.Tensor[] = [];
  const open = shapes && new OpenShapes(shapes);
  const key = args.map(arg => describe(arg, args, { tensors, backend, open })).join(', ');
  return { key, tensors, unknowns: open?.unknowns };
}

/** How the arguments are nested. */
export const structureOf = (args: readonly unknown[]): Structure => flattenArguments(args).structure;

function describe(
  part: unknown,
  args: readonly unknown[],
  context: { tensors: tf.Tensor[]; backend: NodeBackend; open?: OpenShapes },
): string {
  if (part instanceof tf.Tensor && !part.isDisposed) {
    if (part instanceof tf.Variable) return `variable ${part.name} (${part.id})`;
    const { tensors, backend, open } = context;
    const mask = maskOf(part as tf.Tensor);
    tensors.push(part as tf.Tensor, ...(mask ? [mask] : []));
    const [type, maskType] = [part as tf.Tensor, mask].map(each => each && typeOf(each, backend, open));
    return maskType ? `${type} masked by ${maskType}` : String(type);
  }
  if (part === null || typeof part === 'boolean' || part === undefined) return String(part);
  if (typeof part === 'number') return Object.is(part, -0) ? '-0' : String(part);
  if (typeof part === 'string') return JSON.stringify(part);
  if (typeof part === 'bigint') return `${part}n`;
  if (Array.isArray(part)) {
    return `[${part.map(each => describe(each, args, context)).join(', ')}]`;
  }
  if (isPlainRecord(part)) {
    const entries = Object.entries(part).map(
      ([name, each]) => `${JSON.stringify(name)}: ${describe(each, args, context)}`,
    );
    return `{${entries.join(', ')}}`;
  }
  flattenArguments(args); // says what is wrong, and where
  throw errorHere(`Expected tensors as arguments, found a ${typeof part}`);
}

function typeOf(
  { dataId, dtype, shape }: tf.Tensor,
  { binding, tensorMap }: NodeBackend,
  open?: OpenShapes,
): string {
  const { dtype: native } = tensorMap.get(dataId);
  return `${dtype}${isForeign(native, binding) ? ` (${native})` : ''} [${(open?.add(shape) ?? shape).join(', ')}]`;
}

function flattenArguments(args: readonly unknown[]): ReturnType<typeof flatten> {
  try {
    return flatten(args, 'the arguments', isFixed);
  } catch (error) {
    throw errorHere((error as Error).message);
  }
}
