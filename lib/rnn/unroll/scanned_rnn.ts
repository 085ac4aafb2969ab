import { scan } from '../../compile/scan';
import { tf } from '../../tfjs/tensorflow';
import type { RNNCell, State } from '../cell';
import { Pass } from '../pass';
import { toSteps } from './sequence_checks';

/**
 * Unroll a cell over a sequence as `dynamicRnn` does, with the same numbers; within `compile` as a loop, so that the
 * graph is that of one time step.
 * @param cell a built cell
 * @param inputs a list with one [batch, features] for each time step
 * @param startState the state before the first time step. Default: zeros
 * @param onlyLast whether outputs is to hold only the last output. Default false
 */
export function scanRnn(
  cell: RNNCell,
  inputs: readonly tf.Tensor2D[],
  pass: Pass,
  startState?: State,
  onlyLast = false,
): { outputs: tf.Tensor2D[]; lastState: State } {
  toSteps('scanRnn', cell, inputs);
  const [batch] = inputs[0].shape;
  const draws = pass.training ? drawsOf(cell, inputs[0], pass) : 0;
  const start = {
    state: startState ?? cell.zeroState(batch),
    // Where all are wanted, it is among them.
    last: onlyLast ? [tf.zeros<tf.Rank.R2>([batch, cell.outputSize])] : [],
    // What a time step draws from, int32 [2].
    seed: pass.training ? [pass.nextSeed()] : [],
  };
  if (pass.training) pass.skip(draws * inputs.length - 1);
  const { outputs, state } = scan(
    (x: tf.Tensor2D, { state, seed }: typeof start) => {
      const ofStep = pass.training ? new Pass(seed[0], pass.sequenceSeed) : pass;
      const step = cell.call(x, state, ofStep);
      return {
        output: onlyLast ? undefined : step.output,
        state: {
          state: step.state,
          last: onlyLast ? [step.output] : [],
          seed: seed.map(each => tf.add<tf.Tensor1D>(each, tf.tensor1d([draws, 0], 'int32'))),
        },
      };
    },
    inputs,
    start,
  );
  return { outputs: onlyLast ? state.last : (outputs as tf.Tensor2D[]), lastState: state.state };
}

/** How many seeds a time step draws: known once it was called. */
function drawsOf(cell: RNNCell, x: tf.Tensor2D, pass: Pass): number {
  return tf.tidy(() => {
    const probe = new Pass(tf.tensor1d([0, 0], 'int32'), pass.sequenceSeed);
    cell.call(x, cell.zeroState(x.shape[0]), probe);
    return probe.drawn;
  });
}
