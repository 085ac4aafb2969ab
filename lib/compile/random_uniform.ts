import { tf } from '../tensorflow';

/** The part of tfjs-node's backend that runs a TensorFlow operation by its name. */
interface NodeBackend {
  binding: Record<'TF_ATTR_TYPE' | 'TF_FLOAT' | 'TF_INT32', number>;
  executeSingleOutput(
    name: string,
    attributes: { name: string; type: number; value: unknown }[],
    inputs: tf.Tensor[],
  ): tf.Tensor;
}

/**
 * Uniform random numbers in [0, 1) from TensorFlow's operation StatelessRandomUniform: the numbers depend on shape
 * and seed alone. `tf.randomUniform` draws in JavaScript, so a traced graph would hold its numbers as constants.
 * @param seed two int32 numbers
 * @returns float32 tensor of the given shape
 */
export function randomUniform(shape: readonly number[], seed: tf.Tensor1D): tf.Tensor {
  return tf.tidy(() => {
    const backend = tf.backend() as unknown as NodeBackend;
    const { TF_ATTR_TYPE: type, TF_FLOAT, TF_INT32 } = backend.binding;
    return backend.executeSingleOutput(
      'StatelessRandomUniform',
      [
        { name: 'T', type, value: TF_INT32 },
        { name: 'Tseed', type, value: TF_INT32 },
        { name: 'dtype', type, value: TF_FLOAT },
      ],
      [tf.tensor1d([...shape], 'int32'), seed],
    );
  });
}
