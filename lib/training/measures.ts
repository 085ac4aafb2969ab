/** What is measured beside loss and error rate, and what a model must be like so that the numbers mean something. */
import { UserError } from '../base/errors';
import type { Metrics } from '../model/loss';
import type { Variables } from '../rnn/cell';
import { variablesRead } from '../tfjs/tape';
import { tf } from '../tfjs/tensorflow';

/** By name, a scalar each; for a graph or within `tf.tidy`. */
export function measureAll(
  metrics: Metrics,
  logits: tf.Tensor2D,
  labels: tf.Tensor2D,
): Record<string, tf.Scalar> {
  const measured = Object.entries(metrics).map(([name, measure]) => [name, measure(logits, labels)] as const);
  return Object.fromEntries(measured);
}

export const numbersIn = (measured: Record<string, tf.Scalar>): Record<string, number> =>
  Object.fromEntries(Object.entries(measured).map(([name, scalar]) => [name, scalar.dataSync()[0]]));

/** `{ metrics }` with what is finite, or nothing: no file could hold a 0/0. */
export function finiteMetrics(numbers: Record<string, number>): { metrics?: Record<string, number> } {
  const finite = Object.entries(numbers).filter(([, value]) => Number.isFinite(value));
  return finite.length > 0 ? { metrics: Object.fromEntries(finite) } : {};
}

/** @throws UserError unless a model's logits are those of as many examples and classes as the labels */
export function checkLogits(logits: tf.Tensor, labels: tf.Tensor2D): void {
  if (logits.shape.join() === labels.shape.join()) return;
  throw new UserError(
    `Expected the model's logits to have the shape of the labels, [${labels.shape.join(', ')}] for batch and ` +
      `classes, found [${logits.shape.join(', ')}]: its last layer has to be as wide as there are classes`,
  );
}

/**
 * Within the gradient of a loss.
 * @param variables the model's
 * @throws UserError if the model reads trainable weights that are not among them: they would never be trained
 */
export function checkVariables(variables: Variables): void {
  const known = new Set(Object.values(variables).map(({ id }) => id));
  const missing = variablesRead().filter(({ id }) => !known.has(id));
  if (missing.length === 0) return;
  const shapes = missing.map(({ shape }) => `[${shape.join(', ')}]`).join(', ');
  throw new UserError(
    `Expected all trainable weights that the model reads among its variables, found ${missing.length} missing, of shape ` +
      `${shapes}: where two layers' weights have the same names, { ...a.variables, ...b.variables } loses some and ` +
      'variablesOf({ a, b }) keeps all; weights that are to stay as they are need trainable = false',
  );
}
