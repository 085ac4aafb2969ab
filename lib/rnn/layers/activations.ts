import { didYouMean } from '../../base/did_you_mean';
import { UserError } from '../../base/errors';
import { oneOf } from '../../settings/setting_types';
import { tf } from '../../tfjs/tensorflow';
import { describe } from '../checks';

/** Element by element, any shape. */
export type ActivationFunction = (x: tf.Tensor) => tf.Tensor;

const functions = {
  tanh: x => tf.tanh(x),
  relu: x => tf.relu(x),
  sigmoid: x => tf.sigmoid(x),
  elu: x => tf.elu(x),
  selu: x => tf.selu(x),
  softplus: x => tf.softplus(x),
  softsign: x => tf.div(x, tf.add(1, tf.abs(x))),
  linear: x => x,
} satisfies Record<string, ActivationFunction>;

type Name = keyof typeof functions;
export const activationNames = Object.keys(functions) as [Name, ...Name[]];

/** By name, as in Keras, or a function of one's own. */
export type Activation = Name | ActivationFunction;

/** @throws UserError for a name that there is not */
export function activationOf(activation: Activation): ActivationFunction {
  if (typeof activation === 'function') return activation;
  if (Object.hasOwn(functions, activation)) return functions[activation];
  const suggestion = typeof activation === 'string' ? didYouMean(activation, activationNames) : '';
  throw new UserError(
    `Expected an activation of ${activationNames.join(', ')}, or a function of a tensor, found ` +
      `${describe(activation)}${suggestion}`,
  );
}

/** The setting of the cells that have a choice. */
export const activation = oneOf(activationNames, 'tanh', {
  description: 'what the candidate and the memory go through',
});

/** The setting of the wrappers that project. */
export const projectionActivation = oneOf(activationNames, 'linear', {
  description: 'what the projection goes through',
});
