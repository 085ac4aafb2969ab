/** Tensors show their shape and values, not the records that tfjs keeps of them. */
import * as tf from '@tensorflow/tfjs-node';
import { readable } from '../base/readable';

/** Values that are read at most, and lines of them that are printed: beyond that the first ones stand for all. */
const mostRead = 100_000;
const mostLines = 20;
/** Of each axis, counted from the last; 1 of any other. */
const firstOnes = [8, 8, 2];
/** Within something else a tensor has one line. */
const mostInLine = 6;

/** Of an axis longer than 20, tfjs's `toString` prints the first three and the last three. */
const printedOf = (length: number) => (length > 20 ? 6 : length);
const product = (a: number, b: number) => a * b;

export function makeTensorsReadable(): void {
  readable(tf.Tensor.prototype, { text: textOf, line: lineOf });
}

/** As tfjs's `toString`, with the name of a variable. */
function textOf(tensor: tf.Tensor): string {
  const { dtype, rank, shape } = tensor;
  const head = [nameOf(tensor), `  dtype: ${dtype}`, `  rank: ${rank}`, `  shape: [${shape.join(',')}]`];
  const missing = missingValues(tensor);
  if (missing) return [...head, `  ${missing}`].join('\n');
  const lines = shape.slice(0, -1).map(printedOf).reduce(product, 1);
  if (tensor.size <= mostRead && lines <= mostLines) {
    return [...head, '  values:', valuesOf(tensor)].join('\n');
  }
  const sizes = shape.map((length, axis) => Math.min(length, firstOnes[rank - 1 - axis] ?? 1));
  return tf.tidy(() => {
    const values = valuesOf(tf.slice(tensor, new Array<number>(rank).fill(0), sizes));
    return [...head, `  the first values, [${sizes.join(',')}]:`, values].join('\n');
  });
}

/** `Tensor float32 [2,3]`, and the values if they are few. */
function lineOf(tensor: tf.Tensor): string {
  const { dtype, shape, size } = tensor;
  const line = `${nameOf(tensor)} ${dtype} [${shape.join(',')}]`;
  const missing = missingValues(tensor);
  if (missing) return `${line}, ${missing}`;
  return size <= mostInLine ? `${line}: ${valuesOf(tensor).replace(/\s+/g, ' ').trim()}` : line;
}

/** Why there are no values to print, or none that may be read. */
function missingValues(tensor: tf.Tensor): string | undefined {
  if (tensor.isDisposed) return 'disposed: its memory was freed';
  // A compiled function is being traced (compile/trace.ts): whatever is read, or computed to be read, would be in the way.
  const { scopeStack } = tf.engine().state;
  if (scopeStack.some(({ name }) => name === 'trace'))
    return 'symbolic: no values while a function is traced';
  return undefined;
}

/** The lines of tfjs's own form without its first, which says "Tensor". */
function valuesOf(tensor: tf.Tensor): string {
  return tensor.toString().replace(/^.*\n/, '');
}

function nameOf(tensor: tf.Tensor): string {
  if (!(tensor instanceof tf.Variable)) return 'Tensor';
  return `Variable ${tensor.name}${tensor.trainable ? '' : ' (not trainable)'}`;
}
