import { tf } from './tensorflow';
import { randomUniform } from './random_uniform';

/**
 * x ⊙ 1[U ≥ 1 − p] / p with U uniform in [0, 1): each element is kept with probability p and scaled so that the
 * expected value stays what it was (Srivastava et al. 2014; TensorFlow's tf.nn.dropout).
 * @param x any shape
 * @param keepProb p in (0, 1], as a number or a scalar tensor
 * @param seed two int32 numbers that decide the mask
 * @param maskShape of a mask that x's parts share, 1 where x has more. Default: as x, each element by itself
 */
export function dropout<T extends tf.Tensor>(
  x: T,
  keepProb: number | tf.Scalar,
  seed: tf.Tensor1D,
  maskShape: readonly number[] = x.shape,
): T {
  return tf.tidy(() => {
    const kept = randomUniform(maskShape, seed).greaterEqual(tf.sub(1, keepProb));
    return tf.mul(tf.div(x, keepProb), tf.cast(kept, 'float32'));
  });
}
