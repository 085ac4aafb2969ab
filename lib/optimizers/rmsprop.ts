import { defaultsOf, withDefaults } from '../settings/defaults';
import { fraction, real } from '../settings/setting_types';
import { tf } from '../tfjs/tensorflow';
import { epsilon, momentum, optimizerKind, type Update, type UpdateRule } from './optimizer_kind';

const settings = {
  decay: fraction(0.9, { description: 'how long the mean of the squared gradient remembers' }),
  momentum,
  epsilon: epsilon(1e-10),
  initialMeanSquare: real(0, 1, 1, {
    description: 'where the mean of the squared gradient starts; 1 is a warm-up, as in TensorFlow 1',
  }),
};
const defaults = defaultsOf(settings);

/**
 * RMSProp as in TensorFlow 1 (tf.train.RMSPropOptimizer; Tieleman & Hinton 2012):
 *
 *     ms  ← ms + (1−decay)·(g² − ms)        ms starts at ONE
 *     mom ← momentum·mom + rate·g/√(ms + ε)  ε inside the root
 *     θ   ← θ − mom
 *
 * Starting at one makes the first steps small: a hidden warm-up of about 130 steps. TensorFlow.js's own rmsprop
 * starts at zero (`initialMeanSquare: 0`) and so begins with steps of √10 times the learning rate.
 * @param options decay 0.9, momentum 0, epsilon 1e-10 and initialMeanSquare 1 by default
 */
export function rmsProp(options: Partial<typeof defaults> = {}): UpdateRule {
  const { decay, momentum, epsilon, initialMeanSquare } = withDefaults(defaults, options);
  return {
    slots: momentum > 0 ? { ms: initialMeanSquare, mom: 0 } : { ms: initialMeanSquare },
    update(g, { ms: oldMs, mom: oldMom }, learningRate): Update {
      const ms = tf.add(oldMs, tf.mul(1 - decay, tf.sub(tf.square(g), oldMs)));
      const scaled = tf.mul(learningRate, tf.div(g, tf.sqrt(tf.add(ms, epsilon))));
      if (momentum === 0) return { delta: scaled, slots: { ms } };
      const mom = tf.add(tf.mul(momentum, oldMom), scaled);
      return { delta: mom, slots: { ms, mom } };
    },
  };
}

export const rmsPropKind = optimizerKind('rmsprop', settings, rmsProp);
