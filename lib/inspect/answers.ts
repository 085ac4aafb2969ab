/** What the network would answer if the image ended after each time step. */
import { range } from '../base/range';
import type { ModelParts } from '../model/model';
import type { RNNCell } from '../rnn/cell';
import { inference } from '../rnn/pass';
import { unroll } from '../rnn/unroll/dynamic_rnn';
import { tf } from '../tfjs/tensorflow';

/** Prefixes of a sequence that the backward direction reads at a time: bounds the memory. */
const prefixesAtATime = 56;

/**
 * The output layer applied to what the network has after each step: the output of that step or the outputs so far, as
 * the pooling wants it. The backward direction reads anew for each step, from there back to the start.
 * @param steps a list with one [batch, features] for each time step
 * @param forward the outputs of the forward direction, one [batch, outputSize] for each time step
 * @returns logits, one [batch, classes] for each time step; to be called within `tf.tidy`
 */
export function answers(
  { backward, pooling, output }: ModelParts,
  steps: readonly tf.Tensor2D[],
  forward: readonly tf.Tensor2D[],
): tf.Tensor2D[] {
  const answer = (outputs: readonly tf.Tensor2D[], last: tf.Tensor2D) =>
    tf.tidy(() => output.call(pooling.pool(outputs, last)));
  if (!backward && pooling.onlyLast) {
    return tf.split(output.call(tf.concat([...forward], 0)), steps.length, 0); // one product for all steps
  }
  if (!backward) return steps.map((_, t) => answer(forward.slice(0, t + 1), forward[t]));
  const starts = range(Math.ceil(steps.length / prefixesAtATime)).map(i => i * prefixesAtATime);
  return starts.flatMap(start => {
    const ends = range(steps.length).slice(start, start + prefixesAtATime);
    return tf.tidy(() => {
      const back = readPrefixes(backward, steps, ends);
      return ends.map((t, i) => {
        const both = (s: number) => tf.concat([forward[s], back(s, i)], 1);
        const last = tf.concat<tf.Tensor2D>([forward[t], back(0, i)], 1);
        return answer(pooling.onlyLast ? [last] : range(t + 1).map(both), last);
      });
    });
  });
}

/** The first step from which on the answer stays. @param classes what is answered after each step */
export function settledStep(classes: ArrayLike<number>): number {
  const last = classes[classes.length - 1];
  let step = classes.length - 1;
  while (step > 0 && classes[step - 1] === last) step--;
  return step;
}

/**
 * Read several prefixes of a sequence at once, each from its own last step back to the first.
 * @param ends the last time step of each
 * @returns the output at time step s of the i-th prefix, [batch, outputSize]
 */
function readPrefixes(
  cell: RNNCell,
  steps: readonly tf.Tensor2D[],
  ends: readonly number[],
): (s: number, i: number) => tf.Tensor2D {
  const [batch] = steps[0].shape;
  const length = ends[ends.length - 1] + 1;
  const rows = ends.length * batch; // prefix after prefix, each with the whole batch
  const reversed = steps.slice(0, length).reverse();
  const tiled = reversed.map(x => tf.tile(x, [ends.length, 1]));
  const lastOf = tf.tensor2d(
    ends.flatMap(end => new Array<number>(batch).fill(end)),
    [rows, 1],
    'int32',
  );
  const isRead = (i: number) => tf.greaterEqual(lastOf, length - 1 - i);
  const { outputs } = unroll(cell, tiled, inference, cell.zeroState(rows), isRead);
  return (s, i) => tf.slice(outputs[length - 1 - s], [i * batch, 0], [batch, -1]);
}
