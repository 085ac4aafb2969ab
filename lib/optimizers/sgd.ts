import { defaultsOf, withDefaults } from '../settings/defaults';
import { flag } from '../settings/setting_types';
import { tf } from '../tfjs/tensorflow';
import { momentum, optimizerKind, type Update, type UpdateRule } from './optimizer_kind';

const settings = { momentum, nesterov: flag(false, { description: 'step from where the momentum leads' }) };
const defaults = defaultsOf(settings);

/**
 * Stochastic gradient descent with momentum (tf.train.MomentumOptimizer; Polyak 1964):
 *
 *     accum ← momentum·accum + g ;  θ ← θ − rate·accum
 *
 * With nesterov (use_nesterov; Sutskever et al. 2013), the step is that from where the momentum leads:
 *
 *     θ ← θ − rate·(g + momentum·accum)      with the new accum
 *
 * @param options momentum 0 and nesterov false by default
 */
export function sgd(options: Partial<typeof defaults> = {}): UpdateRule {
  const { momentum, nesterov } = withDefaults(defaults, options);
  return {
    slots: momentum > 0 ? { accum: 0 } : {},
    update(g, { accum: oldAccum }, learningRate): Update {
      if (momentum === 0) return { delta: tf.mul(learningRate, g), slots: {} };
      const accum = tf.add(tf.mul(momentum, oldAccum), g);
      const step = nesterov ? tf.add(g, tf.mul(momentum, accum)) : accum;
      return { delta: tf.mul(learningRate, step), slots: { accum } };
    },
  };
}

export const sgdKind = optimizerKind('sgd', settings, sgd);
