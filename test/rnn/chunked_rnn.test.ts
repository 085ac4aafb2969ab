import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRandom } from '../../lib/base/random';
import {
  BasicRNNCell,
  ChunkedRnn,
  DropoutWrapper,
  dynamicRnn,
  GRUCell,
  inference,
  LSTMCell,
  MinimalGatedUnitCell,
  MultiRNNCell,
  Pass,
} from '../../lib/rnn';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';

const numSteps = 11; // one chunk of 3 and two of 4
const images = (): tf.Tensor3D => tf.randomNormal([2, numSteps, 3], 0, 1, 'float32', 1);
const steps = () => tf.unstack(images(), 1) as tf.Tensor2D[];
const training = () => new Pass(tf.tensor1d([7, 1], 'int32'));

/** Two layers of unlike cells, with dropout between the time steps' layers. */
const network = () =>
  new MultiRNNCell([
    new DropoutWrapper(new LSTMCell(4), { outputKeepProb: 0.5 }),
    new DropoutWrapper(new MinimalGatedUnitCell(3), { outputKeepProb: 0.8 }),
  ]).build(3, createRandom(0));

/** A number that every output has its own part in, and its gradient by every weight. */
function lossAndGradients(cell: MultiRNNCell, unroll: () => tf.Tensor2D[]) {
  const variables = Object.values(cell.variables);
  const weighted = () =>
    tf.addN(unroll().map((output, t) => tf.sum(tf.mul(tf.square(output), t + 1)))) as tf.Scalar;
  const { value, grads } = tf.variableGrads(weighted, variables);
  return [value, ...variables.map(variable => grads[variable.name])];
}

describe('ChunkedRnn', () => {
  for (const pass of ['training', 'inference'] as const) {
    test(`gives the outputs and the last state of dynamicRnn, ${pass}`, () => {
      const cell = network();
      const create = pass === 'training' ? training : () => inference;
      const chunked = new ChunkedRnn(cell, { stepsPerChunk: 4 }).unroll(steps(), create());
      const whole = dynamicRnn(cell, images(), create());
      assert.equal(chunked.outputs.length, numSteps);
      chunked.outputs.forEach((output, t) => assertClose(output, whole.outputs[t], 1e-6, `output at ${t}`));
      assertClose(
        (chunked.lastState as tf.Tensor2D[])[1],
        (whole.lastState as unknown as tf.Tensor2D[])[1],
        1e-6,
      );
    });
  }

  test('gives the gradients of dynamicRnn, with the same masks of dropout', () => {
    const cell = network();
    const chunks = new ChunkedRnn(cell, { stepsPerChunk: 4 });
    const chunked = lossAndGradients(cell, () => chunks.unroll(steps(), training()).outputs);
    const whole = lossAndGradients(cell, () => dynamicRnn(cell, images(), training()).outputs);
    chunked.forEach((gradient, i) => assertClose(gradient, whole[i], 1e-4, `gradient ${i}`));
  });

  test('the last output alone has the same gradients', () => {
    const cell = network();
    const chunks = new ChunkedRnn(cell, { stepsPerChunk: 4, onlyLast: true });
    const chunked = lossAndGradients(cell, () => chunks.unroll(steps(), training()).outputs);
    const whole = lossAndGradients(cell, () => dynamicRnn(cell, images(), training()).outputs.slice(-1));
    chunked.forEach((gradient, i) => assertClose(gradient, whole[i], 1e-5, `gradient ${i}`));
  });

  test('truncated, the gradient ends where the last chunk begins', () => {
    const cell = new MultiRNNCell([new GRUCell(4)]).build(3, createRandom(0));
    const chunks = new ChunkedRnn(cell, { stepsPerChunk: 4, onlyLast: true, truncate: true });
    const truncated = lossAndGradients(cell, () => chunks.unroll(steps(), inference).outputs);
    const { lastState } = dynamicRnn(cell, steps().slice(0, 7));
    const endOnly = lossAndGradients(cell, () =>
      dynamicRnn(cell, steps().slice(7), inference, lastState).outputs.slice(-1),
    );
    const whole = lossAndGradients(cell, () => dynamicRnn(cell, images()).outputs.slice(-1));
    truncated.forEach((gradient, i) => assertClose(gradient, endOnly[i], 1e-5, `gradient ${i}`));
    assert.throws(() => assertClose(truncated[1], whole[1], 1e-5), 'the steps before would have counted');
  });

  test('leaves no tensor behind', async () => {
    const cell = new MultiRNNCell([new BasicRNNCell(3), new GRUCell(2)]).build(3, createRandom(0));
    await assertNoLeak(() => {
      const chunks = new ChunkedRnn(cell, { stepsPerChunk: 4 });
      tf.tidy(() => void lossAndGradients(cell, () => chunks.unroll(steps(), training()).outputs));
      chunks.dispose();
    });
  });
});
