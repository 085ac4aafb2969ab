/** The gradients by the states against central differences, and what they are used to show. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  BasicRNNCell,
  createRandom,
  Grid2LSTMCell,
  GRUCell,
  inference,
  LSTMCell,
  MultiRNNCell,
  stateGradientNorms,
  tf,
  type RNNCell,
  type State,
} from '../../lib';
import { assertClose } from '../support/assert_close';

const [batch, features, units, numSteps] = [2, 3, 4, 3];
const random = createRandom(1);
const values = (count: number) => Array.from({ length: count }, () => 2 * random.uniform() - 1);
const inputs = Array.from({ length: numSteps }, () =>
  tf.tensor2d(values(batch * features), [batch, features]),
);
const weights = tf.tensor2d(values(batch * units), [batch, units]);
const lossOf = (output: tf.Tensor2D) => tf.sum(tf.mul(output, weights), 1);

const leaves = (state: State): tf.Tensor2D[] =>
  state instanceof tf.Tensor ? [state] : Object.values(state as Record<string, State>).flatMap(leaves);

/** The state with `change` added to one number of one of its tensors. */
function changed(state: State, leaf: number, place: number, change: number): State {
  let next = 0;
  const visit = (part: State): State => {
    if (part instanceof tf.Tensor) {
      if (next++ !== leaf) return part;
      const numbers = part.dataSync().slice();
      numbers[place] += change;
      return tf.tensor2d(numbers, part.shape);
    }
    if (Array.isArray(part)) return (part as State[]).map(visit);
    return Object.fromEntries(Object.entries(part).map(([name, each]) => [name, visit(each)]));
  };
  return visit(state);
}

/** For each step the mean over the examples of the norm, by central differences. */
function numericalNorms(cell: RNNCell): number[] {
  const run = (state: State, from: number) => {
    let [now, output] = [state, weights];
    for (const x of inputs.slice(from)) ({ output, state: now } = cell.call(x, now, inference));
    return tf.sum(lossOf(output)).dataSync()[0];
  };
  let state = cell.zeroState(batch);
  const size = 0.01;
  return inputs.map((x, t) => {
    const squares = new Array<number>(batch).fill(0);
    leaves(state).forEach((leaf, l) => {
      for (let place = 0; place < leaf.size; place++) {
        const [up, down] = [size, -size].map(change => run(changed(state, l, place, change), t));
        squares[Math.floor(place / leaf.shape[1])] += ((up - down) / (2 * size)) ** 2;
      }
    });
    ({ state } = cell.call(x, state, inference));
    return squares.reduce((sum, square) => sum + Math.sqrt(square), 0) / batch;
  });
}

describe('the norms are those of central differences:', () => {
  const cells: Record<string, () => RNNCell> = {
    basic: () => new BasicRNNCell(units),
    gru: () => new GRUCell(units),
    'lstm, whose state has two parts': () => new LSTMCell(units),
    'a grid that does not read a part of its state': () => new Grid2LSTMCell(units),
    'two layers': () => new MultiRNNCell([new LSTMCell(3), new GRUCell(units)]),
  };
  for (const [name, create] of Object.entries(cells)) {
    test(name, () => {
      const cell = create().build(features, createRandom(0));
      const expected = tf.tidy(() => numericalNorms(cell));
      const before = tf.memory().numTensors;
      const norms = stateGradientNorms(cell, inputs, lossOf);
      assert.equal(tf.memory().numTensors, before, 'no tensor is left');
      assertClose(tf.tensor1d(norms), tf.tensor1d(expected), 2e-3);
    });
  }
});

test('a sequence of one step', () => {
  const cell = new BasicRNNCell(units).build(features, createRandom(0));
  assert.equal(stateGradientNorms(cell, inputs.slice(0, 1), lossOf).length, 1);
});
