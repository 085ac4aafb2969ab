import { tf } from '../../tfjs/tensorflow';
import type { RNNCell, State } from '../cell';
import { dynamicRnn, unroll, type RnnOptions } from './dynamic_rnn';
import { inference, type Pass } from '../pass';
import { checkPass, toLengths, toSteps } from './sequence_checks';
import { checkDistinct } from '../shared_variables';

/** Reads a sequence with one cell, from its first time step to its last. */
export type Unroll<S extends State> = (
  inputs: readonly tf.Tensor2D[],
  pass: Pass,
) => { outputs: readonly tf.Tensor2D[]; lastOutput?: tf.Tensor2D; lastState: S };

/** What `bidirectionalDynamicRnn` returns. */
export interface BidirectionalResult<F extends State, B extends State> {
  /** For each time step, in the order of time, both outputs side by side: [batch, forward size + backward size]. */
  outputs: tf.Tensor2D[];
  /**
   * What each direction says after having read everything, side by side: the forward output of the last time step and
   * the backward output of the first. With sequenceLength it is the last that was read of each example.
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
 * @param options `sequenceLength`: as of `dynamicRnn`; the backward cell starts from each example's own end
 * @throws UserError for inputs or lengths that do not fit, and where both cells have the same weights
 */
export function bidirectionalDynamicRnn<F extends State, B extends State>(
  forwardCell: RNNCell<F>,
  backwardCell: RNNCell<B>,
  inputs: tf.Tensor3D | readonly tf.Tensor2D[],
  pass: Pass = inference,
  { sequenceLength }: RnnOptions = {},
): BidirectionalResult<F, B> {
  const caller = 'bidirectionalDynamicRnn';
  const steps = toSteps(caller, forwardCell, inputs);
  toSteps(caller, backwardCell, steps);
  checkPass(caller, pass);
  checkDistinct(`the two directions of ${caller}`, [forwardCell, backwardCell]);
  const [batch] = steps[0].shape;
  const lengths = sequenceLength && toLengths(caller, sequenceLength, batch, steps.length);
  return readBothWays(
    (sequence, itsPass) => dynamicRnn(forwardCell, sequence, itsPass, undefined, { sequenceLength: lengths }),
    (sequence, itsPass) =>
      unroll(
        backwardCell,
        sequence,
        itsPass,
        backwardCell.zeroState(batch),
        // An example's own end comes after the steps that it does not have.
        lengths && (i => tf.expandDims(tf.greater(lengths, steps.length - 1 - i), 1)),
      ),
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
    lastOutput: tf.concat([there.lastOutput ?? there.outputs[last], back.outputs[last]], 1),
    lastStates: { forward: there.lastState, backward: back.lastState },
  };
}
