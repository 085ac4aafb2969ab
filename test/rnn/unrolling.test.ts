import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRandom } from '../../lib/base/random';
import {
  BasicRNNCell,
  DropoutWrapper,
  dynamicRnn,
  GRUCell,
  LSTMCell,
  type LSTMState,
  MultiRNNCell,
  Pass,
  type State,
} from '../../lib/rnn';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';
import { assignAll, goldenCases, toTensor, type GoldenTensor } from '../support/golden';

interface StackedCase {
  kind: 'basic' | 'gru' | 'lstm';
  units: number;
  layers: number;
  weights: Record<string, GoldenTensor>;
  inputs: GoldenTensor;
  outputs: GoldenTensor[];
  lastState: { c?: GoldenTensor; h: GoldenTensor }[];
}

const create = { basic: BasicRNNCell, gru: GRUCell, lstm: LSTMCell };
const pass = (step: number) => new Pass(tf.tensor1d([7, step], 'int32'));

describe('dynamicRnn over a MultiRNNCell', () => {
  for (const golden of goldenCases<StackedCase>('stacked')) {
    test(`golden numbers: ${golden.layers} × ${golden.kind}`, () => {
      const cells = Array.from({ length: golden.layers }, () => new create[golden.kind](golden.units));
      const cell = new MultiRNNCell(cells).build(golden.inputs.shape[2], createRandom(0));
      assignAll(cell.variables, golden.weights);
      const { outputs, lastState } = dynamicRnn(cell, toTensor<tf.Tensor3D>(golden.inputs));
      assert.equal(outputs.length, golden.outputs.length);
      outputs.forEach((output, t) => assertClose(output, golden.outputs[t], 1e-5, `output at ${t}`));
      golden.lastState.forEach(({ c, h }, layer) => {
        const state: State = lastState[layer];
        assertClose(c ? (state as LSTMState).h : (state as tf.Tensor2D), h, 1e-5, `h of layer ${layer}`);
        if (c) assertClose((state as LSTMState).c, c, 1e-5, `c of layer ${layer}`);
      });
    });
  }

  test('a list of time steps gives what the tensor gives', () => {
    const cell = new GRUCell(3).build(2, createRandom(0));
    const images: tf.Tensor3D = tf.randomNormal([2, 4, 2], 0, 1, 'float32', 1);
    const list = dynamicRnn(cell, tf.unstack(images, 1) as tf.Tensor2D[]);
    assertClose(list.lastState, dynamicRnn(cell, images).lastState, 0);
  });

  test('leaves no tensor behind', async () => {
    const cell = new MultiRNNCell([new LSTMCell(3), new GRUCell(2)]).build(2, createRandom(0));
    const images: tf.Tensor3D = tf.ones([2, 4, 2]);
    await assertNoLeak(() => tf.tidy(() => void dynamicRnn(cell, images)));
  });

  test('an empty list, or one cell twice, is refused', () => {
    const cell = new GRUCell(2);
    assert.throws(() => new MultiRNNCell([]), /at least one cell/);
    assert.throws(() => new MultiRNNCell([cell, cell]), /one cell twice/);
  });
});

describe('DropoutWrapper', () => {
  const wrapped = (outputKeepProb: number) =>
    new DropoutWrapper(new GRUCell(50), { outputKeepProb }).build(3, createRandom(0));
  const x: tf.Tensor2D = tf.ones([20, 3]);

  test('drops the output in training, never the state, and nothing at inference', () => {
    const cell = wrapped(0.5);
    const { output, state } = cell.call(x, cell.zeroState(20), pass(1));
    const kept = output.dataSync().filter(value => value !== 0).length / 1000;
    assert.ok(kept > 0.4 && kept < 0.6, `kept ${kept}`);
    const plain = cell.call(x, cell.zeroState(20), new Pass());
    assertClose(state, plain.state, 0);
    assertClose(plain.output, plain.state, 0);
    const mask = tf.notEqual(output, 0);
    assertClose(output, tf.mul(tf.mul(state, 2), mask.toFloat()), 1e-6, 'kept elements are doubled');
  });

  test('a fresh mask for each time step and each step of training, the same for the same seed', () => {
    const cell = wrapped(0.5);
    const masks = (step: number) => {
      const images: tf.Tensor3D = tf.ones([20, 2, 3]);
      return dynamicRnn(cell, images, pass(step)).outputs.map(output =>
        tf.notEqual(output, 0).dataSync().join(),
      );
    };
    const [first, second] = masks(1);
    assert.notEqual(first, second);
    assert.notEqual(first, masks(2)[0]);
    assert.deepEqual(masks(1), [first, second]);
  });

  test('keeping everything adds nothing', () => {
    const cell = wrapped(1);
    const { output, state } = cell.call(x, cell.zeroState(20), pass(1));
    assertClose(output, state, 0);
  });

  test('impossible probabilities are refused', () => {
    for (const p of [0, -0.1, 1.1, NaN]) {
      assert.throws(() => wrapped(p), /Expected outputKeepProb above 0 and at most 1/);
    }
  });
});
