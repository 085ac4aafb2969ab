import { flatten, mapTensors } from '../../tfjs/structure';
import { tf } from '../../tfjs/tensorflow';
import type { RNNCell, State } from '../cell';
import { inference } from '../pass';
import { toSteps } from './sequence_checks';

/**
 * How strongly the loss depends on what the cell remembers at each time step: the norm of ∂loss/∂state, all parts of
 * the state together, for each example by itself, and the mean of these norms over the batch. Computed eagerly, with
 * a tensor of zeros added to each state before its step.
 *
 * @param cell a built cell
 * @param inputs a list with one [batch, features] for each time step
 * @param lossOf the last output [batch, outputSize], or all outputs, one for each time step, to each example's own loss
 * [batch]
 * @returns for each time step the norm by the state before it, 0 where the cell does not read it; the first is that by
 * the state before the whole sequence
 *
 * @example
 * const norms = stateGradientNorms(network, rows, output => tf.sum(tf.square(output), 1));
 */
export function stateGradientNorms<S extends State>(
  cell: RNNCell<S>,
  inputs: readonly tf.Tensor2D[],
  lossOf: (output: tf.Tensor2D, outputs: readonly tf.Tensor2D[]) => tf.Tensor,
): number[] {
  const steps = toSteps('stateGradientNorms', cell, inputs);
  const norms = tf.tidy(() => {
    const start = cell.zeroState(steps[0].shape[0]);
    const { tensors: leaves } = flatten(start, 'the state');
    const zeros = steps.flatMap(() => leaves.map(leaf => tf.zerosLike(leaf)));
    const loss = () => {
      let state = start;
      const outputs = steps.map((x, t) => {
        const own = zeros.slice(t * leaves.length, (t + 1) * leaves.length);
        const step = cell.call(x, plus(state, own), inference);
        state = step.state;
        return step.output;
      });
      // The sum: each example's loss depends on its own states alone.
      return tf.sum<tf.Scalar>(lossOf(outputs[outputs.length - 1], outputs));
    };
    // A part of the state that the cell does not read has no gradient.
    const { grads } = tf.engine().gradients(loss, zeros, undefined, true);
    const gradients = zeros.map((zero, i) => grads[i] ?? zero);
    return steps.map((_, t) => tf.mean(normOf(gradients.slice(t * leaves.length, (t + 1) * leaves.length))));
  });
  const values = norms.map(norm => norm.dataSync()[0]);
  tf.dispose(norms);
  return values;
}

/** Of each example, all parts together; by way of the largest, since the square of a small gradient may be zero. */
function normOf(parts: tf.Tensor[]): tf.Tensor {
  const gradient = parts.length === 1 ? parts[0] : tf.concat(parts, 1);
  const largest = tf.max(tf.abs(gradient), 1, true);
  const scaled = tf.divNoNan(gradient, largest);
  return tf.mul(largest, tf.sqrt(tf.sum(tf.square(scaled), 1, true)));
}

/** The state with a tensor added to each of its tensors. */
function plus<S extends State>(state: S, added: readonly tf.Tensor[]): S {
  let next = 0;
  return mapTensors(state, tensor => tf.add<tf.Tensor2D>(tensor, added[next++])) as S;
}
