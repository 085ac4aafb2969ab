import { tf, type UpdateRule } from 'scanline';

/** m ← β·m + (1−β)·g ;  θ ← θ − rate·sign(m)  (signSGD with momentum, Bernstein et al. 2018) */
export function signMomentum(beta = 0.9): UpdateRule {
  return {
    slots: { mean: 0 },
    update(gradient, { mean: before }, learningRate) {
      const mean = tf.add(tf.mul(beta, before), tf.mul(1 - beta, gradient));
      return { delta: tf.mul(learningRate, tf.sign(mean)), slots: { mean } };
    },
  };
}
