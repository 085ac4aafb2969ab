/** What the golden numbers of the options do not show: no tensor left behind, widths, examples by themselves, limits. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compile } from '../../lib/compile/compile';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import { createModel } from '../../lib/model/model';
import { createOptimizer } from '../../lib/optimizers';
import { createRandom } from '../../lib/base/random';
import {
  BasicRNNCell,
  CoupledInputForgetGateLSTMCell,
  dynamicRnn,
  DropoutWrapper,
  Grid1BasicRNNCell,
  Grid2BasicRNNCell,
  Grid2GRUCell,
  Grid2LSTMCell,
  Grid3LSTMCell,
  GridLSTMCell,
  GRUCell,
  inference,
  LSTMCell,
  Pass,
  TimeFreqLSTMCell,
  type RNNCell,
} from '../../lib/rnn';
import { activationNames } from '../../lib/rnn/layers/activations';
import { tf } from '../../lib/tfjs/tensorflow';
import { createTrainStep } from '../../lib/training/train_step';
import { assertClose, assertNoLeak } from '../support/assert_close';
import { checkGradients } from '../support/gradient_check';
import { smallData } from '../support/small_data';

const bands = { featureSize: 2, frequencySkip: 1, startFreqindexList: [0, 1], endFreqindexList: [3, 4] };
const clipped = { cellClip: 0.2, numProj: 2, projClip: 0.1 };

const cells: Record<string, (units: number) => RNNCell> = {
  'LSTM, clipped and projected': units => new LSTMCell(units, { ...clipped, peepholes: true }),
  'CIFG LSTM, normalised and projected': units =>
    new CoupledInputForgetGateLSTMCell(units, { layerNorm: true, numProj: 3, projClip: 1 }),
  'GridLSTM, bands': units => new GridLSTMCell(units, { ...bands, cellClip: 0.3 }),
  'TimeFreqLSTM, bands': units => new TimeFreqLSTMCell(units, { ...bands, cellClip: 0.3 }),
  'Grid2LSTM, not recurrent': units => new Grid2LSTMCell(units, { nonRecurrentFn: 'tanh' }),
  Grid3LSTM: units => new Grid3LSTMCell(units),
  'Grid3LSTM, tied, not recurrent': units => new Grid3LSTMCell(units, { tied: true, nonRecurrentFn: 'tanh' }),
  Grid1BasicRNN: units => new Grid1BasicRNNCell(units),
  Grid2BasicRNN: units => new Grid2BasicRNNCell(units),
  'Grid2GRU, tied': units => new Grid2GRUCell(units, { tied: true }),
};
const features = 5;
const normal = (batch: number, seed = 1): tf.Tensor2D =>
  tf.randomNormal([batch, features], 0, 1, 'float32', seed);

/** The output of the second of two time steps. */
function secondOutput(cell: RNNCell, x: tf.Tensor2D): tf.Tensor2D {
  return dynamicRnn(cell, [x, x]).lastOutput;
}

for (const [name, create] of Object.entries(cells)) {
  describe(name, () => {
    test('leaves no tensor behind but its weights', async () => {
      const cell = create(3).build(features, createRandom(1));
      await assertNoLeak(() => tf.tidy(() => void cell.call(normal(2), cell.zeroState(2), inference)));
    });

    test('property: shapes fit its sizes, and examples do not see each other', () => {
      const size = fc.integer({ min: 1, max: 4 });
      fc.assert(
        fc.property(size, size, (batch, more) => {
          tf.tidy(() => {
            const cell = create(more + 1).build(features, createRandom(more));
            const x = normal(batch, batch);
            const output = secondOutput(cell, x);
            assert.deepEqual(output.shape, [batch, cell.outputSize]);
            const last = secondOutput(cell, tf.slice(x, [batch - 1, 0], [1, features]));
            assertClose(last, tf.slice(output, [batch - 1, 0], [1, cell.outputSize]), 1e-5);
            tf.dispose({ ...cell.variables });
          });
        }),
        { numRuns: 8, seed: 1 },
      );
    });
  });
}

describe('gradients against central differences, over two time steps, where nothing has a kink', () => {
  const smooth = ['CIFG LSTM, normalised and projected', 'Grid3LSTM', 'Grid2GRU, tied', 'Grid2BasicRNN'];
  for (const name of smooth) {
    test(name, () => {
      const cell = cells[name](3).build(features, createRandom(2));
      const x = normal(2, 7);
      const loss = () => tf.sum<tf.Scalar>(tf.square(secondOutput(cell, x)));
      checkGradients(loss, Object.values(cell.variables), 3e-3, 1e-2);
      tf.dispose({ ...cell.variables });
    });
  }
});

test('the memory and the projected output keep within their limits', () => {
  const cell = new LSTMCell(6, { cellClip: 0.05, numProj: 4, projClip: 0.02 }).build(
    features,
    createRandom(0),
  );
  const x = tf.mul<tf.Tensor2D>(normal(3), 10);
  const { lastState } = dynamicRnn(cell, [x, x, x]);
  const { c, h } = lastState;
  assert.deepEqual([c.shape, h.shape], [[3, 6], [3, 4]]); // prettier-ignore
  const largest = [c, h].map(part => tf.max(tf.abs(part)).dataSync()[0]);
  assertClose(tf.tensor1d(largest), tf.tensor1d([0.05, 0.02]), 1e-7);
});

test('each band has weights of its own, and reads and keeps a state of its own', () => {
  const cell = new GridLSTMCell(2, bands).build(features, createRandom(0));
  const names = Object.keys(cell.variables);
  assert.deepEqual(names.filter(name => name.startsWith('band_0')).length, 4);
  assert.deepEqual(names.filter(name => name.startsWith('band_1')).length, 4);
  const x = normal(1);
  const state = [...cell.zeroState(1)];
  const first = cell.call(x, state).output;
  state[2] = { c: tf.ones([1, 2]), h: tf.ones([1, 2]) }; // of the first block of the second band
  const second = cell.call(x, state).output;
  const half = cell.outputSize / 2;
  const halves = [first, second].map(output => tf.split(output, [half, half], 1));
  assertClose(halves[0][0], halves[1][0], 0, 'the first band');
  assert.notDeepEqual(halves[0][1].dataSync(), halves[1][1].dataSync(), 'the second band');
});

describe('activations', () => {
  const x = normal(2);
  for (const activation of activationNames) {
    test(`${activation}: compiled the same, gradients too`, () => {
      const cell = new BasicRNNCell(3, { activation }).build(features, createRandom(0));
      const gradient = (inputs: tf.Tensor2D) =>
        tf.grad(each => tf.sum(secondOutput(cell, each as tf.Tensor2D)))(inputs);
      const compiled = compile(gradient);
      assertClose(compiled(x), gradient(x), 1e-6);
      compiled.dispose();
    });
  }

  test("a function of one's own takes the place of tanh", () => {
    const own = new GRUCell(3, { activation: z => tf.tanh(z) }).build(features, createRandom(0));
    const usual = new GRUCell(3).build(features, createRandom(0));
    assert.deepEqual([own.fused, usual.fused], [false, true]);
    assertClose(secondOutput(own, x), secondOutput(usual, x), 1e-6);
  });
});

describe('variational dropout', () => {
  const x: tf.Tensor2D = tf.ones([4, features]);
  const pass = (step: number) => new Pass(tf.tensor1d([7, step], 'int32'));
  const masks = (cell: RNNCell, step: number) =>
    dynamicRnn(cell, [x, x, x], pass(step)).outputs.map(output => tf.notEqual(output, 0).dataSync().join(''));
  const options = { outputKeepProb: 0.5, variationalRecurrent: true };
  const wrapped = (seed: number) =>
    new DropoutWrapper(new GRUCell(20), options).build(features, createRandom(seed)) as RNNCell;

  test('one mask for all time steps and examples; another in the next training step, and in another layer', () => {
    const [first, ...others] = masks(wrapped(0), 1);
    assert.deepEqual(others, [first, first]);
    assert.equal(first, first.slice(0, 20).repeat(4));
    assert.notEqual(masks(wrapped(0), 2)[0], first);
    assert.notEqual(masks(wrapped(1), 1)[0], first);
  });
});

describe('by the settings, compiled the same as not', () => {
  const common = {
    numLayers: 2,
    numHidden: 4,
    learningRate: 0.1,
    optimizer: { kind: 'sgd', momentum: 0.5, nesterov: true },
  };
  const dropped = { inputDropout: 0.2, stateDropout: 0.3, variationalDropout: true };
  const chosen: Record<string, object> = {
    'symbols, and dropout everywhere': {
      sequence: { kind: 'symbols', symbolLevels: 4, embeddingSize: 3 },
      ...dropped,
    },
    'in chunks': {
      cell: { kind: 'lstm', numProj: 3, cellClip: 1 },
      sequence: { kind: 'symbols' },
      truncation: 5,
      ...dropped,
    },
    'a grid in bands': {
      cell: { kind: 'gridLstm', featureSize: 1, startFreqindexList: [0, 1], endFreqindexList: [1, 3] },
    },
  };
  for (const [name, settings] of Object.entries(chosen)) {
    test(name, async () => {
      const parsed = parseHyperparameters({ ...common, ...settings } as HyperparametersInput);
      const losses = async (compiled: boolean) => {
        const data = smallData(20);
        const optimizer = createOptimizer(parsed.optimizer);
        const model = createModel(parsed, data);
        const step = createTrainStep(model, { ...parsed, optimizer, compile: compiled, log: () => {} });
        const first = await step(data.nextBatch(10));
        const second = await step(data.nextBatch(10));
        await assertNoLeak(() => step(data.nextBatch(10)));
        step.dispose();
        return tf.tensor1d([first.loss, second.loss]);
      };
      assertClose(await losses(true), await losses(false), 1e-5);
    });
  }
});
