import { tf } from '../tensorflow';
import type { RNNCell, State } from './cell';
import { inference, type Pass } from './pass';

/** As tf.tidy; that one's type knows no readonly arrays. */
const tidy = tf.tidy as <T>(compute: () => T) => T;

/**
 * Unroll a cell over a sequence (TensorFlow 1: tf.nn.dynamic_rnn).
 *
 * A sequence is a list of time steps and not one big tensor: so layer 1 can already work on step t + 1 while layer 2
 * is still busy with step t. A stack of all steps between two layers would make each layer wait for the whole one below.
 *
 * @param cell a built cell
 * @param inputs [batch, time, features], or a list with one [batch, features] for each time step
 * @param pass `inference` (the default) or a training pass with dropout
 * @param startState the state before the first time step. Default: zeros
 * @returns outputs: one [batch, outputSize] for each time step; lastState: the state after the last
 */
export function dynamicRnn<S extends State>(
  cell: RNNCell<S>,
  inputs: tf.Tensor3D | readonly tf.Tensor2D[],
  pass: Pass = inference,
  startState?: S,
): { outputs: tf.Tensor2D[]; lastState: S } {
  const steps = inputs instanceof tf.Tensor ? (tf.unstack(inputs, 1) as tf.Tensor2D[]) : inputs;
  let state = startState ?? cell.zeroState(steps[0].shape[0]);
  const outputs = steps.map(x => {
    const step = tidy(() => cell.call(x, state, pass)); // what lies between is freed before the next step
    state = step.state;
    return step.output;
  });
  return { outputs, lastState: state };
}
