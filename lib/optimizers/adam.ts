import { defaultsOf, withDefaults } from '../settings/defaults';
import { fraction } from '../settings/setting_types';
import { tf } from '../tfjs/tensorflow';
import { epsilon, optimizerKind, type Update, type UpdateRule } from './optimizer_kind';

const settings = {
  beta1: fraction(0.9, { description: 'how long the mean of the gradient remembers' }),
  beta2: fraction(0.999, { description: 'how long the mean of the squared gradient remembers' }),
  epsilon: epsilon(1e-8),
};
const defaults = defaultsOf(settings);

/**
 * Adam (Kingma & Ba 2015) as in tf.train.AdamOptimizer, with ε outside the corrected root ("epsilon hat"):
 *
 *     m ← m + (1−β1)·(g − m) ;  v ← v + (1−β2)·(g² − v)
 *     θ ← θ − rate·√(1−β2^t)/(1−β1^t) · m/(√v + ε)
 *
 * @param options beta1 0.9, beta2 0.999 and epsilon 1e-8 by default
 */
export function adam(options: Partial<typeof defaults> = {}): UpdateRule {
  const { beta1, beta2, epsilon } = withDefaults(defaults, options);
  return {
    slots: { m: 0, v: 0 },
    update(g, { m: oldM, v: oldV }, learningRate, step): Update {
      const m = tf.add(oldM, tf.mul(1 - beta1, tf.sub(g, oldM)));
      const v = tf.add(oldV, tf.mul(1 - beta2, tf.sub(tf.square(g), oldV)));
      const unbiased = (beta: number) => tf.sub(1, tf.pow(beta, step));
      const rate = tf.mul(learningRate, tf.div(tf.sqrt(unbiased(beta2)), unbiased(beta1)));
      return { delta: tf.mul(rate, tf.div(m, tf.add(tf.sqrt(v), epsilon))), slots: { m, v } };
    },
  };
}

export const adamKind = optimizerKind('adam', settings, adam);
