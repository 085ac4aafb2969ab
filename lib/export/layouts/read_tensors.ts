/** What the layouts have in common: tensors by name, cut into gates. */
import { UserError } from '../../base/errors';
import type { Tensors } from '../../runs/safetensors';
import { tf } from '../../tfjs/tensorflow';
import type { ForeignWeights } from './gate_weights';

/** @throws UserError if it is missing, or of another rank */
export function tensorOf<T extends tf.Tensor>(tensors: Tensors, name: string, rank: number): T {
  if (!Object.hasOwn(tensors, name))
    throw new UserError(`Expected the weight ${name}, found none of that name`);
  const { shape, values } = tensors[name];
  if (shape.length === rank) return tf.tensor(values, [...shape]) as T;
  throw new UserError(`Expected ${name} to have ${rank} dimensions, found [${shape.join(', ')}]`);
}

/** Equal columns of a matrix, or equal stretches of a vector, by the names of the gates in their order. */
export function byGate<T extends tf.Tensor>(tensor: T, gates: readonly string[]): Record<string, T> {
  const pieces = tf.split(tensor, gates.length, tensor.rank - 1);
  return Object.fromEntries(gates.map((gate, i) => [gate, pieces[i] as T]));
}

/** By the width of its recurrent weights. @throws UserError for other cells */
export function kindOf(name: string, width: number, units: number, program: string): 'gru' | 'lstm' {
  if (width === 3 * units) return 'gru';
  if (width === 4 * units) return 'lstm';
  throw new UserError(
    `Expected the weights of a GRU or an LSTM in ${name}, 3 or 4 times ${units} units, found ${width}: ` +
      `other cells of ${program} are not read`,
  );
}

/**
 * The layer from the outputs to the logits: what is left when the recurrent layers are taken out.
 * @param ends how the names of a kernel and a bias end
 */
export function outputOf(
  tensors: Tensors,
  taken: ReadonlySet<string>,
  ends: { readonly kernel: string; readonly bias: string },
): ForeignWeights['output'] {
  const left = Object.keys(tensors).filter(name => !taken.has(name));
  const kernels = left.filter(name => name.endsWith(ends.kernel));
  const biases = left.filter(name => name.endsWith(ends.bias));
  if (kernels.length !== 1 || biases.length !== 1 || left.length !== 2) {
    throw new UserError(
      `Expected one output layer beside the recurrent layers, …${ends.kernel} and …${ends.bias}, found ` +
        (left.join(', ') || 'none'),
    );
  }
  return {
    kernel: tensorOf<tf.Tensor2D>(tensors, kernels[0], 2),
    bias: tensorOf<tf.Tensor1D>(tensors, biases[0], 1),
  };
}
