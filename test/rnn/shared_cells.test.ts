/** One cell object in two places: refused, or trained once a step. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Batch } from '../../lib/data';
import { countParameters, type SequenceClassifier } from '../../lib/model/model';
import { sgd } from '../../lib/optimizers';
import { createRandom } from '../../lib/base/random';
import {
  AttentionCellWrapper,
  bidirectionalDynamicRnn,
  ChunkedRnn,
  DropoutWrapper,
  dynamicRnn,
  GRUCell,
  inference,
  Linear,
  LSTMCell,
  MultiRNNCell,
  ResidualWrapper,
  ZoneoutWrapper,
  type RNNCell,
  type State,
} from '../../lib/rnn';
import { variablesOf } from '../../lib/rnn/weights';
import { softmaxCrossEntropy } from '../../lib/model/loss';
import { tf } from '../../lib/tfjs/tensorflow';
import { createTrainStep } from '../../lib/training/train_step';
import { assertClose, assertNoLeak } from '../support/assert_close';
import { smallData } from '../support/small_data';

const units = 4;
const random = () => createRandom(0);

describe('one cell in two layers of a MultiRNNCell is refused when they are built, and no weight is left', () => {
  const around: Record<string, (cell: RNNCell<State>) => RNNCell[]> = {
    'two DropoutWrappers': cell => [new DropoutWrapper(cell), new DropoutWrapper(cell)],
    'itself and a wrapper': cell => [cell, new ZoneoutWrapper(cell)],
    'attention and a residual connection': cell => [
      new AttentionCellWrapper(cell),
      new ResidualWrapper(cell),
    ],
    'layers within layers': cell => [new MultiRNNCell([cell]), new GRUCell(units), new MultiRNNCell([cell])],
  };
  for (const [name, layers] of Object.entries(around)) {
    test(name, async () => {
      await assertNoLeak(() => {
        const network = new MultiRNNCell(layers(new LSTMCell(units)));
        const words = /^Expected a cell of its own for each of the layers of MultiRNNCell, found one cell in/;
        assert.throws(() => network.build(units, random()), { name: 'UserError', message: words });
      });
    });
  }
});

test('one cell in both directions is refused, within wrappers too', () => {
  const cell = new GRUCell(units).build(3, random());
  const images: tf.Tensor3D = tf.ones([2, 3, 3]);
  for (const other of [cell, new DropoutWrapper(cell)]) {
    assert.throws(() => bidirectionalDynamicRnn(cell, other, images), /UserError: .*two directions/);
  }
});

/** A network that reads the images twice with one cell, whose weights so have two names. */
function sharing(network: RNNCell, output: Linear): SequenceClassifier {
  return {
    variables: variablesOf({ first: network, second: network, output }),
    logits(images, pass) {
      const first = dynamicRnn(network, images, pass);
      return output.call(dynamicRnn(network, first.outputs, pass).lastOutput);
    },
  };
}

test('weights under two names move once a step, by the gradient of both places, and count once', async () => {
  const cell = new GRUCell(3).build(3, random()); // as wide as the images
  const model = sharing(cell, new Linear(3, 3, random()));
  const batch: Batch = smallData(20).nextBatch(10);
  const images: tf.Tensor3D = tf.tensor3d(batch.images, [10, 4, 3]);
  const labels: tf.Tensor2D = tf.tensor2d(batch.labels, [10, 3]);
  const weights = [...new Set(Object.values(model.variables))];
  const { grads } = tf.variableGrads(
    () => softmaxCrossEntropy(model.logits(images, inference), labels),
    weights,
  );
  const before = weights.map(weight => weight.clone());
  const rate = 0.5;
  const step = createTrainStep(model, {
    optimizer: sgd({ momentum: 0.9 }),
    learningRate: rate,
    log: () => {},
  });
  await step(batch);
  weights.forEach((weight, i) => {
    assertClose(weight, tf.sub(before[i], tf.mul(rate, grads[weight.name])), 1e-6, weight.name);
  });
  assert.equal(countParameters(model), 3 * 3 * 2 * 3 + 9 + 12);
  step.dispose();
});

test('so do they where the sequence is read in chunks', () => {
  const cell = new GRUCell(2).build(2, random());
  const twice: RNNCell = {
    ...{ outputSize: 2, zeroState: (n: number) => cell.zeroState(n), build: () => twice },
    get variables() {
      return variablesOf({ a: cell, b: cell });
    },
    call: (x, state) => cell.call(x, state as tf.Tensor2D),
  };
  const steps = [1, 2, 3, 4].map(seed => tf.randomNormal<tf.Rank.R2>([2, 2], 0, 1, 'float32', seed));
  const chunked = new ChunkedRnn(twice, { stepsPerChunk: 2 });
  const gradient = (last: () => tf.Tensor2D) =>
    tf.variableGrads(() => tf.sum<tf.Scalar>(tf.square(last())), Object.values(cell.variables)).grads;
  const inChunks = gradient(() => chunked.unroll(steps, inference).outputs.slice(-1)[0]);
  const whole = gradient(() => dynamicRnn(cell, steps).lastOutput);
  for (const [name, expected] of Object.entries(whole)) assertClose(inChunks[name], expected, 1e-5, name);
  chunked.dispose();
});
