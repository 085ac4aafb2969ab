import { range } from '../../base/range';
import { mapTensors, partAt } from '../../tfjs/structure';
import { tf } from '../../tfjs/tensorflow';
import type { RNNCell, State } from '../cell';
import { inference, type Pass } from '../pass';
import { checkPass, checkStartState, toLengths, toSteps } from './sequence_checks';

/** As tf.tidy; that one's type knows no readonly arrays. */
const tidy = <T>(compute: () => T): T => (tf.tidy as (compute: () => T) => T)(compute);

/** Options of `dynamicRnn`. */
export interface RnnOptions {
  /**
   * How many time steps of each example are read: [batch] int32, or a list of integers. Past its end an example's
   * outputs are zero, and its state stays what it was. Default: all of them.
   */
  sequenceLength?: tf.Tensor1D | readonly number[];
}

/** What `dynamicRnn` returns. */
export interface RnnResult<S extends State> {
  /** One [batch, outputSize] for each time step. */
  outputs: tf.Tensor2D[];
  /** Of each example the output of the last time step that was read, or zero if there was none: [batch, outputSize]. */
  lastOutput: tf.Tensor2D;
  /** The state after the last time step that was read. */
  lastState: S;
}

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
 * @throws UserError for inputs, a state or lengths that do not fit the cell or each other
 *
 * @example
 * const cell = new GRUCell(200).build(28, createRandom(0));
 * const { outputs, lastState } = dynamicRnn(cell, tf.zeros([64, 28, 28])); // 28 outputs [64, 200]
 */
export function dynamicRnn<S extends State>(
  cell: RNNCell<S>,
  inputs: tf.Tensor3D | readonly tf.Tensor2D[],
  pass: Pass = inference,
  startState?: S,
  { sequenceLength }: RnnOptions = {},
): RnnResult<S> {
  const steps = toSteps('dynamicRnn', cell, inputs);
  checkPass('dynamicRnn', pass);
  const [batch] = steps[0].shape;
  if (startState !== undefined) checkStartState('dynamicRnn', cell, startState, batch);
  const state = startState ?? cell.zeroState(batch);
  if (sequenceLength === undefined) return unroll(cell, steps, pass, state);
  const lengths = toLengths('dynamicRnn', sequenceLength, batch, steps.length);
  const result = unroll(cell, steps, pass, state, isReadForward(lengths));
  return { ...result, lastOutput: lastRelevantOutput(result.outputs, lengths) };
}

/** Which examples read the i-th of the steps given: [batch, 1] bool. */
export type IsRead = (i: number) => tf.Tensor;

export const isReadForward =
  (lengths: tf.Tensor1D): IsRead =>
  i =>
    tf.expandDims(tf.greater(lengths, i), 1);

/** Unroll over steps that were checked. */
export function unroll<S extends State>(
  cell: RNNCell<S>,
  steps: readonly tf.Tensor2D[],
  pass: Pass,
  startState: S,
  isRead?: IsRead,
): RnnResult<S> {
  let state = startState;
  const outputs = steps.map((x, i) => {
    // What lies between is freed before the next step.
    const step = tidy(() => {
      const { output, state: newState } = cell.call(x, state, pass);
      if (!isRead) return { output, state: newState };
      const read = isRead(i);
      const chosen = choose(read, newState, state) as S;
      return { output: tf.where<tf.Tensor2D>(read, output, tf.zerosLike(output)), state: chosen };
    });
    state = step.state;
    return step.output;
  });
  return { outputs, lastOutput: outputs[outputs.length - 1], lastState: state };
}

/** The new state of the examples that read this step, the old one of the others. */
function choose(read: tf.Tensor, after: State, before: State): State {
  return mapTensors(after, (now, path) => tf.where(read, now, partAt(before, path) as tf.Tensor2D));
}

/**
 * Of each example the output of its last time step, zero where it has none.
 * @param outputs one [batch, outputSize] for each time step
 * @param lengths [batch] int32
 * @returns [batch, outputSize]
 */
function lastRelevantOutput(outputs: readonly tf.Tensor2D[], lengths: tf.Tensor1D): tf.Tensor2D {
  const [batch, size] = outputs[0].shape;
  const ends = tf.tensor2d([range(outputs.length).map(t => t + 1)], [1, outputs.length], 'int32');
  const isLast = tf.cast(tf.equal(tf.expandDims(lengths, 1), ends), 'float32'); // [batch, time]
  const stacked = tf.stack([...outputs], 1); // [batch, time, outputSize]
  return tf.reshape(tf.matMul(tf.expandDims(isLast, 1), stacked), [batch, size]);
}
