import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../lib/base/errors';
import { createRandom } from '../../lib/base/random';
import {
  BasicRNNCell,
  GRUCell,
  inference,
  LSTMCell,
  type LSTMState,
  type RNNCell,
  type State,
} from '../../lib/rnn';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';
import { assignAll, goldenCases, toTensor, type GoldenTensor } from '../support/golden';
import { checkGradients } from '../support/gradient_check';

/** Each kind of golden.py as this project builds it: with TensorFlow's kernels, and by the equations. */
const kinds: Record<string, (units: number) => RNNCell> = {
  basic: units => new BasicRNNCell(units),
  gru: units => new GRUCell(units),
  'gru, equations': units => new GRUCell(units, { fused: false }),
  lstm: units => new LSTMCell(units),
  'lstm, equations': units => new LSTMCell(units, { fused: false }),
  lstm_peepholes: units => new LSTMCell(units, { peepholes: true }),
  'lstm_peepholes, equations': units => new LSTMCell(units, { peepholes: true, fused: false }),
  lstm_forget_bias_0: units => new LSTMCell(units, { forgetBias: 0 }),
  'lstm_forget_bias_0, equations': units => new LSTMCell(units, { forgetBias: 0, fused: false }),
};

interface CellCase {
  kind: string;
  units: number;
  weights: Record<string, GoldenTensor>;
  inputs: GoldenTensor;
  startState: { c?: GoldenTensor; h: GoldenTensor };
  outputs: GoldenTensor[];
  endState: { c?: GoldenTensor; h: GoldenTensor };
}

/** A cell with one state tensor has h itself as its state. */
const toState = ({ c, h }: CellCase['startState']): State =>
  c ? { c: toTensor<tf.Tensor2D>(c), h: toTensor<tf.Tensor2D>(h) } : toTensor<tf.Tensor2D>(h);

describe("golden numbers from TensorFlow's kernels", () => {
  const both = Object.entries(kinds).flatMap(([name, create]) =>
    goldenCases<CellCase>('cells')
      .filter(({ kind }) => kind === name.split(',')[0])
      .map(golden => ({ name, create, golden })),
  );
  for (const { name, create, golden } of both) {
    const [batch, , features] = golden.inputs.shape;
    test(`${name}: ${batch} examples, ${features} features, ${golden.units} units`, () => {
      const cell = create(golden.units).build(features, createRandom(0));
      assignAll(cell.variables, golden.weights);
      let state = toState(golden.startState);
      tf.unstack(toTensor(golden.inputs), 1).forEach((x, t) => {
        const step = cell.call(x as tf.Tensor2D, state, inference);
        assertClose(step.output, golden.outputs[t], 1e-5, `output at ${t}`);
        state = step.state;
      });
      const { c, h } = golden.endState;
      assertClose(c ? (state as LSTMState).h : (state as tf.Tensor2D), h, 1e-5, 'h');
      if (c) assertClose((state as LSTMState).c, c, 1e-5, 'c');
    });
  }
});

for (const [kind, create] of Object.entries(kinds)) {
  describe(kind, () => {
    test('gradient against central differences, over two time steps', () => {
      const cell = create(3).build(2, createRandom(1));
      // Seed 0 would be none to tfjs: other numbers each time.
      const x = [1, 2].map(i => tf.randomNormal<tf.Rank.R2>([2, 2], 0, 1, 'float32', i));
      const loss = () => {
        const first = cell.call(x[0], cell.zeroState(2), inference);
        return tf.sum<tf.Scalar>(tf.square(cell.call(x[1], first.state, inference).output));
      };
      checkGradients(loss, Object.values(cell.variables));
    });

    test('leaves no tensor behind but its weights', async () => {
      const cell = create(4).build(3, createRandom(1));
      const x: tf.Tensor2D = tf.ones([2, 3]);
      await assertNoLeak(() => tf.tidy(() => void cell.call(x, cell.zeroState(2), inference)));
    });

    test('property: shapes fit, outputs lie in [-1, 1], and examples do not see each other', () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 5 }),
          fc.nat({ max: 4 }),
          fc.nat({ max: 6 }),
          (batch, extra, units) => {
            tf.tidy(() => {
              const features = extra + 1;
              const cell = create(units + 1).build(features, createRandom(units));
              const x: tf.Tensor2D = tf.randomNormal([batch, features], 0, 3, 'float32', batch);
              const whole = cell.call(x, cell.zeroState(batch), inference).output;
              assert.deepEqual(whole.shape, [batch, units + 1]);
              assert.ok(tf.max(tf.abs(whole)).dataSync()[0] <= 1);
              const last = cell.call(
                tf.slice(x, [batch - 1, 0], [1, features]),
                cell.zeroState(1),
                inference,
              ).output;
              assertClose(last, tf.slice(whole, [batch - 1, 0], [1, units + 1]), 1e-6);
              tf.dispose(cell.variables);
            });
          },
        ),
        { numRuns: 20 },
      );
    });

    test('before build, and with an impossible number of units, it says what to do', () => {
      const x: tf.Tensor2D = tf.zeros([1, 1]);
      const cell = create(2);
      assert.deepEqual(cell.variables, {});
      assert.throws(() => cell.call(x, cell.zeroState(1), inference), /UserError: .*build\(inputSize/);
      for (const units of [0, -1, 1.5, NaN]) assert.throws(() => create(units), UserError);
    });
  });
}

describe('initial values, as in TensorFlow 1', () => {
  const range = (variable: tf.Variable) => {
    const values = variable.dataSync().sort();
    return { min: values[0], max: values[values.length - 1] };
  };
  const near = (actual: number, expected: number) =>
    assert.ok(Math.abs(actual - expected) < 0.001, `${actual}`);

  test('GRU layer 1: glorot limits of the concatenated input, gate bias 1, candidate bias 0', () => {
    const { variables } = new GRUCell(200).build(28, createRandom(0));
    near(range(variables['gates/kernel']).max, Math.sqrt(6 / 628));
    near(range(variables['gates/kernel']).min, -Math.sqrt(6 / 628));
    near(range(variables['candidate/kernel']).max, Math.sqrt(6 / 428));
    assert.deepEqual(range(variables['gates/bias']), { min: 1, max: 1 });
    assert.deepEqual(range(variables['candidate/bias']), { min: 0, max: 0 });
  });

  test('LSTM: bias 0, peepholes within √(3/units)', () => {
    const { variables } = new LSTMCell(200, { peepholes: true }).build(28, createRandom(0));
    near(range(variables.kernel).max, Math.sqrt(6 / 1028));
    assert.deepEqual(range(variables.bias), { min: 0, max: 0 });
    const { max, min } = range(variables.w_f);
    const limit = Math.sqrt(3 / 200);
    assert.ok(max < limit && max > 0.9 * limit && min > -limit && min < -0.9 * limit);
  });

  test('the seed decides them, and each kernel has numbers of its own', () => {
    const kernel = (seed: number, name = 'gates/kernel') =>
      new GRUCell(4).build(4, createRandom(seed)).variables[name].dataSync();
    assert.deepEqual(kernel(1), kernel(1));
    assert.notDeepEqual(kernel(1), kernel(2));
    assert.notDeepEqual(kernel(1).slice(0, 8), kernel(1, 'candidate/kernel').slice(0, 8));
  });
});
