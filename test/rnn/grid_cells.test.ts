/** What the golden numbers of the grid cells cannot show: widths, errors, initial values, layers, the compiled step. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { disposeModel } from '../../lib/training/evaluate';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import { createModel } from '../../lib/model/model';
import { sgd } from '../../lib/optimizers';
import { createRandom } from '../../lib/base/random';
import {
  BidirectionalGridLSTMCell,
  Grid1LSTMCell,
  Grid2LSTMCell,
  GridLSTMCell,
  inference,
  TimeFreqLSTMCell,
  type RNNCell,
  type State,
} from '../../lib/rnn';
import { tf } from '../../lib/tfjs/tensorflow';
import { createTrainStep } from '../../lib/training/train_step';
import { assertClose } from '../support/assert_close';
import { smallData } from '../support/small_data';

const normal = (batch: number, features: number, seed = 1): tf.Tensor2D =>
  tf.randomNormal([batch, features], 0, 1, 'float32', seed);

/** The output of the second of two time steps, the first from a state of zeros. */
function secondOutput(cell: RNNCell, x: tf.Tensor2D): tf.Tensor2D {
  const { state } = cell.call(x, cell.zeroState(x.shape[0]), inference);
  return cell.call(x, state, inference).output;
}

const inBlocks = {
  GridLSTMCell: { Cell: GridLSTMCell, perBlock: 2 },
  BidirectionalGridLSTMCell: { Cell: BidirectionalGridLSTMCell, perBlock: 4 },
  TimeFreqLSTMCell: { Cell: TimeFreqLSTMCell, perBlock: 1 },
};

for (const [name, { Cell, perBlock }] of Object.entries(inBlocks)) {
  describe(name, () => {
    test('of 28 pixels, 4 by 4, its output has one part for each of seven blocks', () => {
      assert.equal(new Cell(3).build(28, createRandom(0)).outputSize, perBlock * 3 * 7);
    });

    test('property: all whole blocks are read and nothing else, and examples do not see each other', () => {
      const size = fc.integer({ min: 1, max: 4 });
      fc.assert(
        fc.property(size, size, fc.nat({ max: 6 }), size, (featureSize, frequencySkip, more, batch) => {
          tf.tidy(() => {
            const features = featureSize + more;
            const cell = new Cell(2, { featureSize, frequencySkip }).build(features, createRandom(more));
            const x = normal(batch, features, batch);
            const output = secondOutput(cell, x);
            const starts = Array.from({ length: features }, (_, i) => i * frequencySkip);
            const blocks = starts.filter(start => start + featureSize <= features);
            assert.deepEqual(output.shape, [batch, perBlock * 2 * blocks.length]);
            assert.ok(tf.max(tf.abs(output)).dataSync()[0] < 1);
            const last = tf.slice(x, [batch - 1, 0], [1, features]);
            assertClose(
              secondOutput(cell, last),
              tf.slice(output, [batch - 1, 0], [1, cell.outputSize]),
              1e-6,
            );
            const slope = tf.grad(input => tf.sum(secondOutput(cell, input as tf.Tensor2D)))(x);
            const isRead = tf.max(tf.abs(slope), 0).dataSync();
            isRead.forEach((steepest, i) => {
              const inBlock = blocks.some(start => start <= i && i < start + featureSize);
              assert.equal(steepest > 0, inBlock, `feature ${i}`);
            });
            tf.dispose({ ...cell.variables });
          });
        }),
        { numRuns: 15, seed: 1 },
      );
    });

    test('equation by equation it gives the numbers of the kernels', () => {
      const cell = new Cell(3).build(9, createRandom(0));
      const equations = new Cell(3, { fused: false }).build(9, createRandom(0));
      assertClose(secondOutput(equations, normal(2, 9)), secondOutput(cell, normal(2, 9)), 1e-6);
    });

    test('errors say what was expected and what to do', () => {
      const unbuilt = new Cell(2);
      assert.throws(() => unbuilt.outputSize, /UserError: .*build\(inputSize/);
      assert.throws(() => unbuilt.zeroState(1), /UserError: .*build\(inputSize/);
      assert.throws(() => new Cell(0), /UserError: .*integer of at least 1, found 0/);
      assert.throws(() => new Cell(1, { featureSize: 0 }), /UserError: .*featureSize .*, found 0/);
      assert.throws(() => new Cell(1, { frequencySkip: 1.5 }), /UserError: .*frequencySkip .*, found 1.5/);
      const build = (features: number) => () => unbuilt.build(features, createRandom(0));
      assert.throws(build(3), /UserError: .*one block of 4 features .*found 3: .*featureSize of at most 3/);
      assert.throws(build(4 * 1025), /UserError: .*at most 1024 blocks.*found 1025.*outputProjection/);
    });
  });
}

test('the backward half of a bidirectional cell is a forward cell on the reversed blocks', () => {
  const cell = new BidirectionalGridLSTMCell(3, { featureSize: 2, frequencySkip: 2 }).build(
    6,
    createRandom(0),
  );
  const { variables } = cell;
  for (const [name, variable] of Object.entries(variables)) {
    if (name.startsWith('backward')) variable.assign(variables[name.replace('backward', 'forward')]);
  }
  const x = normal(2, 6);
  const reversed = tf.concat(tf.split(x, 3, 1).reverse(), 1) as tf.Tensor2D;
  const [forward, backward] = tf.split(secondOutput(cell, x), 2, 1);
  const [forwardReversed, backwardReversed] = tf.split(secondOutput(cell, reversed), 2, 1);
  assertClose(backward, forwardReversed, 1e-6);
  assertClose(backwardReversed, forward, 1e-6);
});

test('a backwardSliceOffset is an integer', () => {
  const create = () => new BidirectionalGridLSTMCell(1, { backwardSliceOffset: 0.5 });
  assert.throws(create, /UserError: .*backwardSliceOffset to be an integer, found 0.5/);
});

describe('what is remembered', () => {
  const x = normal(2, 3);
  const state = (seed: number) => ({ c: normal(2, 4, seed), h: normal(2, 4, seed + 1) });

  test('Grid1LSTMCell reads no state: the projected input stands in its place', () => {
    const cell = new Grid1LSTMCell(4).build(3, createRandom(0));
    assertClose(secondOutput(cell, x), cell.call(x).output, 0);
  });

  test('Grid2LSTMCell reads the state of time, and not that of the other dimension', () => {
    const cell = new Grid2LSTMCell(4).build(3, createRandom(0));
    const output = (depth: number, time: number) => cell.call(x, [state(depth), state(time)]).output;
    assertClose(output(1, 5), output(3, 5), 0);
    assert.notDeepEqual(output(1, 5).dataSync(), output(1, 7).dataSync());
  });

  test('equation by equation they give the numbers of the kernels', () => {
    for (const Cell of [Grid1LSTMCell, Grid2LSTMCell]) {
      const [kernels, equations] = [true, false].map((fused): RNNCell<State> => {
        const cell = new Cell(4, { fused }).build(3, createRandom(0));
        return cell;
      });
      assertClose(secondOutput(equations, x), secondOutput(kernels, x), 1e-6);
    }
  });

  test('before build they say what to do', () => {
    assert.throws(() => new Grid1LSTMCell(4).call(x), /UserError: .*build\(inputSize/);
    const unbuilt = new Grid2LSTMCell(4);
    assert.throws(() => unbuilt.call(x, unbuilt.zeroState(2)), /UserError: .*build\(inputSize/);
    assert.deepEqual({ ...new Grid1LSTMCell(4).variables, ...unbuilt.variables }, {});
  });
});

test('initial values: kernels glorot uniform, peepholes ±√(3/units), biases 0', () => {
  const units = 50;
  const cells: RNNCell<State>[] = [
    new GridLSTMCell(units, { peepholes: true }).build(28, createRandom(0)),
    new TimeFreqLSTMCell(units, { peepholes: true }).build(28, createRandom(0)),
    new Grid1LSTMCell(units, { peepholes: true }).build(28, createRandom(0)),
    new Grid2LSTMCell(units, { peepholes: true }).build(28, createRandom(0)),
  ];
  for (const [name, variable] of cells.flatMap(cell => Object.entries(cell.variables))) {
    const [fanIn, fanOut] = [variable.shape[0], variable.shape[variable.shape.length - 1]];
    const limit = name.endsWith('bias') ? 0 : Math.sqrt(6 / (fanIn + fanOut));
    const largest = tf.max(tf.abs(variable)).dataSync()[0];
    assert.ok(largest <= limit && largest >= 0.8 * limit, `${name}: largest ${largest}, limit ${limit}`);
  }
});

describe('two layers, of which the second reads the wide output of the first,', () => {
  const chosen: Record<string, HyperparametersInput> = {
    'grid LSTM': { cell: { kind: 'gridLstm', featureSize: 2, frequencySkip: 1 } },
    'grid LSTM with a narrow output': {
      cell: { kind: 'gridLstm', featureSize: 2, frequencySkip: 1, coupleInputForgetGates: true },
      wrapper: { kind: 'outputProjection', outputProjectionSize: 3 },
    },
    'bidirectional grid LSTM': { cell: { kind: 'bidirectionalGridLstm', featureSize: 2, frequencySkip: 2 } },
    'time-frequency LSTM': { cell: { kind: 'timeFreqLstm', featureSize: 2, frequencySkip: 1 } },
  };
  for (const [name, settings] of Object.entries(chosen)) {
    test(`${name}: a compiled step is an eager one, and all is disposed of`, async () => {
      const parsed = parseHyperparameters({ ...settings, numLayers: 2, numHidden: 2, dropout: 0.2 });
      const before = tf.memory().numTensors;
      const losses = async (compile: boolean) => {
        const train = smallData(20);
        const model = createModel(parsed, train);
        const step = createTrainStep(model, { optimizer: sgd(), learningRate: 0.5, compile, log: () => {} });
        const first = await step(train.nextBatch(10));
        const second = await step(train.nextBatch(10));
        step.dispose();
        disposeModel(model);
        return [first.loss, second.loss];
      };
      const [compiled, eager] = [await losses(true), await losses(false)];
      compiled.forEach((loss, i) => assert.ok(Math.abs(loss - eager[i]) < 1e-5, `${loss}, ${eager[i]}`));
      assert.equal(tf.memory().numTensors, before, 'tensors left over');
    });
  }
});
