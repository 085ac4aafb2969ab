import { tf } from '../tfjs/tensorflow';

/**
 * Scale all gradients so that the norm of all of them together is at most `clipNorm` (Pascanu et al. 2013;
 * tf.clip_by_global_norm). A norm that is not finite makes every gradient NaN, as it does there.
 * @param clipNorm scalar; 0 leaves the gradients as they are
 */
export function clipByGlobalNorm(
  gradients: readonly tf.Tensor[],
  clipNorm: tf.Scalar,
): { clipped: tf.Tensor[]; globalNorm: tf.Scalar } {
  const globalNorm = tf.sqrt(tf.addN(gradients.map(g => tf.sum(tf.square(g))))) as tf.Scalar;
  const limited = tf.mul(clipNorm, tf.minimum(tf.div(1, globalNorm), tf.div(1, clipNorm)));
  // ∞ − ∞ is NaN where the norm is ∞: a gradient that is not finite must not vanish as 0·g.
  const factor = tf.where(
    tf.greater(clipNorm, 0),
    tf.add(limited, tf.sub(globalNorm, globalNorm)),
    tf.onesLike(clipNorm),
  );
  return { clipped: gradients.map(g => tf.mul(g, factor)), globalNorm };
}
