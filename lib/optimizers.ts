/**
 * How a gradient becomes a step, with TensorFlow 1's formulas. Each rule is a pure function of the gradient and of
 * its slots: what it remembers for each variable from one step to the next.
 */
import { tf } from './tensorflow';
import type { HyperparametersInput } from './hyperparameters';

type Slots = Readonly<Record<string, tf.Tensor>>;
/** What is to be subtracted from the variable, and the slots' new values. */
type Update = { delta: tf.Tensor; slots: Slots };

export interface UpdateRule {
  /** Name and initial value of each slot; a slot has the shape of its variable. */
  readonly slots: Readonly<Record<string, number>>;
  /**
   * @param gradient any shape
   * @param slots one tensor of that shape for each name
   * @param learningRate scalar
   * @param step scalar, 1 for the first step
   */
  update(gradient: tf.Tensor, slots: Slots, learningRate: tf.Scalar, step: tf.Scalar): Update;
}

/**
 * RMSProp as in TensorFlow 1 (tf.train.RMSPropOptimizer; Tieleman & Hinton 2012):
 *
 *     ms  ← ms + (1−decay)·(g² − ms)        ms starts at ONE
 *     mom ← momentum·mom + rate·g/√(ms + ε)  ε inside the root
 *     θ   ← θ − mom
 *
 * Starting at one makes the first steps small: a hidden warm-up of about 130 steps. TensorFlow.js's own rmsprop
 * starts at zero (`initialMeanSquare: 0`) and so begins with steps of √10 times the learning rate.
 */
export function rmsProp({
  decay = 0.9,
  momentum = 0,
  epsilon = 1e-10,
  initialMeanSquare = 1,
} = {}): UpdateRule {
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

/**
 * Stochastic gradient descent with momentum (tf.train.MomentumOptimizer; Polyak 1964):
 *
 *     accum ← momentum·accum + g ;  θ ← θ − rate·accum
 *
 * With nesterov (use_nesterov; Sutskever et al. 2013), the step is that from where the momentum leads:
 *
 *     θ ← θ − rate·(g + momentum·accum)      with the new accum
 */
export function sgd({ momentum = 0, nesterov = false } = {}): UpdateRule {
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

/**
 * Adam (Kingma & Ba 2015) as in tf.train.AdamOptimizer, with ε outside the corrected root ("epsilon hat"):
 *
 *     m ← m + (1−β1)·(g − m) ;  v ← v + (1−β2)·(g² − v)
 *     θ ← θ − rate·√(1−β2^t)/(1−β1^t) · m/(√v + ε)
 */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = {}): UpdateRule {
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

/** The rule that the settings name; what they leave out gets its default. */
export function createOptimizer(settings: NonNullable<HyperparametersInput['optimizer']>): UpdateRule {
  switch (settings.kind) {
    case 'rmsprop':
      return rmsProp(settings);
    case 'sgd':
      return sgd(settings);
    case 'adam':
      return adam(settings);
  }
}

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
