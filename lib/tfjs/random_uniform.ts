import { tf } from './tensorflow';
import { nodeBackend } from './node_backend';

/**
 * Uniform random numbers in [0, 1) from TensorFlow's operation StatelessRandomUniform: the numbers depend on shape
 * and seed alone. `tf.randomUniform` draws in JavaScript, so a traced graph would hold its numbers as constants.
 * @param seed two int32 numbers
 * @returns float32 tensor of the given shape
 */
export const randomUniform = (shape: readonly number[], seed: tf.Tensor1D): tf.Tensor =>
  draw('StatelessRandomUniform', shape, seed);

/** As randomUniform, of mean 0 and standard deviation 1. */
export const randomNormal = (shape: readonly number[], seed: tf.Tensor1D): tf.Tensor =>
  draw('StatelessRandomNormal', shape, seed);

/** As randomNormal; what is more than two standard deviations away is drawn again. */
export const truncatedNormal = (shape: readonly number[], seed: tf.Tensor1D): tf.Tensor =>
  draw('StatelessTruncatedNormal', shape, seed);

/** As randomUniform, of a gamma distribution of this shape parameter and scale 1. */
export const randomGamma = (shape: readonly number[], seed: tf.Tensor1D, alpha: number): tf.Tensor =>
  tf.tidy(() => draw('StatelessRandomGammaV2', shape, seed, tf.scalar(alpha)));

/**
 * Classes drawn in proportion to exp(logits).
 * @param logits [batch, classes]
 * @returns int32 [batch, numSamples]
 */
export function multinomial(logits: tf.Tensor2D, numSamples: number, seed: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => {
    const backend = nodeBackend();
    const { TF_ATTR_TYPE: type, TF_FLOAT, TF_INT32 } = backend.binding;
    const attributes = [
      { name: 'T', type, value: TF_FLOAT },
      { name: 'Tseed', type, value: TF_INT32 },
      { name: 'output_dtype', type, value: TF_INT32 },
    ];
    const inputs = [tf.cast(logits, 'float32'), tf.scalar(numSamples, 'int32'), seed];
    return backend.executeSingleOutput('StatelessMultinomial', attributes, inputs) as tf.Tensor2D;
  });
}

function draw(op: string, shape: readonly number[], seed: tf.Tensor1D, ...others: tf.Tensor[]): tf.Tensor {
  return tf.tidy(() => {
    const backend = nodeBackend();
    const { TF_ATTR_TYPE: type, TF_FLOAT, TF_INT32 } = backend.binding;
    const attributes = [
      { name: 'T', type, value: TF_INT32 },
      { name: 'Tseed', type, value: TF_INT32 },
      { name: 'dtype', type, value: TF_FLOAT },
    ];
    const shapeTensor = tf.tensor1d([...shape], 'int32');
    return backend.executeSingleOutput(op, attributes, [shapeTensor, seed, ...others]);
  });
}
