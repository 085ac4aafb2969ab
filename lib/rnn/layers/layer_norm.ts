/** Layer normalisation (Ba et al. 2016), as tf.contrib.layers.layer_norm computes it. */
import { real } from '../../settings/setting_types';
import { tf } from '../../tfjs/tensorflow';
import { createVariable } from './initializers';

export interface NormOptions {
  /** Initial value of each gamma. Default 1. */
  normGain?: number;
  /** Initial value of each beta. Default 0. */
  normShift?: number;
  /** Added to the variance before its root. Default 1e-12, which the original fixes. */
  normEpsilon?: number;
}

/** [units] each. */
export type Norm = { readonly gamma: tf.Variable; readonly beta: tf.Variable };

export function createNorm(units: number, { normGain, normShift }: Required<NormOptions>): Norm {
  const filled = (value: number) => createVariable(() => tf.fill([units], value));
  return { gamma: filled(normGain), beta: filled(normShift) };
}

/**
 * LN(z). Where z is the same in all units, LN(z) is beta, and the gradient by z is taken to be 0. The derivative there
 * is gamma/√epsilon: a million, though only within a millionth of z. So it is at each time step before the first row
 * that is not blank, as long as every beta is 0: after seven such steps the gradient is more than a float32 holds.
 * @param z [batch, units]
 * @param norm without it z is returned as it is
 */
export function normalise<T extends tf.Tensor>(z: T, norm: Norm | undefined, epsilon: number): T {
  if (!norm) return z;
  const centred = tf.sub(z, tf.mean(z, 1, true));
  const variance = tf.mean(tf.square(centred), 1, true);
  const scale = tf.mul(tf.rsqrt(tf.add(variance, epsilon)), tf.step(variance)); // tf.step: 0 for no variance, else 1
  return tf.add(tf.mul(tf.mul(centred, scale), norm.gamma), norm.beta);
}

export const normSettings = {
  normGain: real(-10, 10, 1, { description: 'initial factor on what was normalised' }),
  normShift: real(-10, 10, 0, { description: 'initially added to what was normalised' }),
  normEpsilon: real(1e-16, 1, 1e-12, { description: 'added to the variance', scale: 'log' }),
};
