import { tf } from '../tensorflow';
import type { RNNCell, State } from './cell';
import { dynamicRnn } from './dynamic_rnn';
import { inference, type Pass } from './pass';

/** Reads a sequence with one cell, from its first time step to its last. */
export type Unroll<S extends State> = (
  inputs: readonly tf.Tensor2D[],
  pass: Pass,
) => { outputs: readonly tf.Tensor2D[]; lastState: S };

export interface BidirectionalResult<F extends State, B extends State> {
  /** For each time step, in the order of time, both outputs side by side: [batch, forward size + backward size]. */
  outputs: tf.Tensor2D[];
  /**
   * What each direction says after having read everything, side by side: the forward output of the last time step and
   * the backward output of the first.
   */
  lastOutput: tf.Tensor2D;
  /** The state of each direction after having read everything. */
  lastStates: { forward: F; backward: B };
}

/**
 * Unroll one cell over a sequence and another over the same sequence from its end to its start (Schuster & Paliwal
 * 1997; TensorFlow 1: tf.nn.bidirectional_dynamic_rnn, with its two outputs concatenated). Each may be a MultiRNNCell:
 * then its layers see one direction only.
 * @param forwardCell a built cell; @param backwardCell another
 * @param inputs [batch, time, features], or a list with one [batch, features] for each time step
 * @param pass `inference` (the default) or a training pass with dropout
 */
export function bidirectionalDynamicRnn<F extends State, B extends State>(
  forwardCell: RNNCell<F>,
  backwardCell: RNNCell<B>,
  inputs: tf.Tensor3D | readonly tf.Tensor2D[],
  pass: Pass = inference,
): BidirectionalResult<F, B> {
  const steps = inputs instanceof tf.Tensor ? (tf.unstack(inputs, 1) as tf.Tensor2D[]) : inputs;
  return readBothWays(
    (sequence, itsPass) => dynamicRnn(forwardCell, sequence, itsPass),
    (sequence, itsPass) => dynamicRnn(backwardCell, sequence, itsPass),
    steps,
    pass,
  );
}

/** As `bidirectionalDynamicRnn`. Where both give their last output only, that is the only one in `outputs`. */
export function readBothWays<F extends State, B extends State>(
  forward: Unroll<F>,
  backward: Unroll<B>,
  inputs: readonly tf.Tensor2D[],
  pass: Pass,
): BidirectionalResult<F, B> {
  const there = forward(inputs, pass);
  const back = backward([...inputs].reverse(), pass);
  const last = there.outputs.length - 1;
  return {
    outputs: there.outputs.map((output, t) => tf.concat([output, back.outputs[last - t]], 1)),
    lastOutput: tf.concat([there.outputs[last], back.outputs[last]], 1),
    lastStates: { forward: there.lastState, backward: back.lastState },
  };
}
