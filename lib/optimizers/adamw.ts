import { defaultsOf, withDefaults } from '../settings/defaults';
import { fraction, real } from '../settings/setting_types';
import { tf } from '../tfjs/tensorflow';
import { adam } from './adam';
import { epsilon, optimizerKind, type Update, type UpdateRule } from './optimizer_kind';

const settings = {
  beta1: fraction(0.9, { description: 'how long the mean of the gradient remembers' }),
  beta2: fraction(0.999, { description: 'how long the mean of the squared gradient remembers' }),
  epsilon: epsilon(1e-8),
  weightDecay: real(0, 1, 0.01, {
    description:
      'fraction of a weight, times the learning rate, that it loses in each step; biases lose nothing',
  }),
};
const defaults = defaultsOf(settings);

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019), scaled by the learning rate as in PyTorch and Keras:
 *
 *     θ ← θ − rate·(Adam's step + weightDecay·θ)
 *
 * Only matrices decay: what has one dimension, biases, peepholes and the gains of layer normalisation, does not.
 * @param options beta1 0.9, beta2 0.999, epsilon 1e-8 and weightDecay 0.01 by default
 */
export function adamW(options: Partial<typeof defaults> = {}): UpdateRule {
  const { weightDecay, ...others } = withDefaults(defaults, options);
  const rule = adam(others);
  return {
    slots: rule.slots,
    update(gradient, slots, learningRate, step, weights): Update {
      const { delta, slots: newSlots } = rule.update(gradient, slots, learningRate, step, weights);
      if (weightDecay === 0 || weights.rank < 2) return { delta, slots: newSlots };
      const decay = tf.mul(tf.mul(learningRate, weightDecay), weights);
      return { delta: tf.add(delta, decay), slots: newSlots };
    },
  };
}

export const adamWKind = optimizerKind('adamw', settings, adamW);
