import type { tf } from '../tfjs/tensorflow';
import { definesKinds } from '../settings/kinds';
import { fraction, real } from '../settings/setting_types';

/** Any number of tensors by name, each of the shape of the variable that they belong to. */
export type Slots = Readonly<Record<string, tf.Tensor>>;
/** What is to be subtracted from the variable, and the slots' new values. */
export type Update = { delta: tf.Tensor; slots: Slots };

/**
 * How a gradient becomes a step: a pure function of the gradient and of the optimizer's slots, what it remembers for
 * each variable from one step to the next.
 */
export interface UpdateRule {
  /** Name and initial value of each slot; a slot has the shape of its variable. */
  readonly slots: Readonly<Record<string, number>>;
  /**
   * @param gradient any shape
   * @param slots one tensor of that shape for each name
   * @param learningRate scalar
   * @param step scalar, 1 for the first step
   * @param weights the variable's values before the step, of the gradient's shape
   */
  update(
    gradient: tf.Tensor,
    slots: Slots,
    learningRate: tf.Scalar,
    step: tf.Scalar,
    weights: tf.Tensor,
  ): Update;
}

/**
 * An optimizer as a choice in the hyperparameters.
 * @example
 * export const plainKind = optimizerKind('plain', { momentum }, settings => sgd(settings));
 */
export const optimizerKind = definesKinds<[], UpdateRule>();

// Settings that several optimizers have.

export const epsilon = (start: number) =>
  real(1e-16, 1, start, { description: 'keeps the division finite', scale: 'log' });
export const momentum = fraction(0, { description: 'how much of the step before is kept' });
