/** Models of tfjs as graphs: the same numbers as the models themselves. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileModel } from '../../lib/compile';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';
import { rowsModel } from '../support/graph_model';

const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);
const images = random([20, 6, 6, 1], 1);
const labels = tf.oneHot(tf.tensor1d(Array.from({ length: 20 }, (_, i) => (i * 7) % 3), 'int32'), 3).toFloat(); // prettier-ignore

const { glorotNormal, orthogonal } = tf.initializers;

/** With batch norm, seeded dropout and a recurrent layer; each call makes it with the same weights. */
function network(optimizer: () => tf.Optimizer = () => tf.train.adam(0.01)): tf.Sequential {
  const kernel = (seed: number) => ({ kernelInitializer: glorotNormal({ seed }) });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [6, 6, 1],
        filters: 2,
        kernelSize: 3,
        activation: 'relu',
        ...kernel(1),
      }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0.3, seed: 7 }),
      tf.layers.reshape({ targetShape: [2, 16] }),
      tf.layers.gru({ units: 3, ...kernel(2), recurrentInitializer: orthogonal({ seed: 3, gain: 1 }) }),
      tf.layers.dense({
        units: 3,
        activation: 'softmax',
        ...kernel(4),
        kernelRegularizer: tf.regularizers.l2(),
      }),
    ],
  });
  model.compile({ optimizer: optimizer(), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

function assertSameWeights(a: tf.LayersModel, b: tf.LayersModel): void {
  const expected = b.getWeights();
  a.getWeights().forEach((weight, i) => assertClose(weight, expected[i], 1e-4, `weight ${i}`));
}

describe('a layers model', () => {
  const [own, model] = [network(), network()];
  const fast = compileModel(model);
  const options = { epochs: 2, batchSize: 8, shuffle: false, verbose: 0 };

  test('predict: for all sizes, from few graphs', () => {
    for (const size of [20, 5, 1, 3, 11, 20]) {
      const batch = tf.slice(images, 0, size);
      const args = { batchSize: 8 };
      assertClose(
        fast.predict(batch, args) as tf.Tensor,
        own.predict(batch, args) as tf.Tensor,
        1e-5,
        `${size}`,
      );
    }
    assertClose(fast.predictOnBatch(images) as tf.Tensor, own.predictOnBatch(images) as tf.Tensor, 1e-5);
    assert.deepEqual(
      fast.inspect().map(({ name }) => name),
      ['predict'],
    );
  });

  test('fit: history, validation, callbacks, and the weights afterwards', async () => {
    const batches: number[] = [];
    const callbacks = { onBatchEnd: (batch: number) => void batches.push(batch) };
    const validationData: [tf.Tensor, tf.Tensor] = [tf.slice(images, 0, 5), tf.slice(labels, 0, 5)];
    const found = await fast.fit(images, labels, { ...options, validationData, callbacks });
    const expected = await own.fit(images, labels, { ...options, validationData });
    assert.deepEqual(Object.keys(found.history).sort(), ['acc', 'loss', 'val_acc', 'val_loss']);
    for (const [name, values] of Object.entries(expected.history)) {
      (values as number[]).forEach((value, epoch) => {
        const difference = Math.abs(value - (found.history[name][epoch] as number));
        assert.ok(difference < 1e-4, `${name} of epoch ${epoch}: ${difference}`);
      });
    }
    assert.deepEqual(batches, [0, 1, 2, 0, 1, 2]);
    assertSameWeights(model, own);
  });

  test('evaluate and trainOnBatch', async () => {
    const [a, b] = [fast, own].map(each => each.evaluate(images, labels, { batchSize: 8 }) as tf.Scalar[]);
    a.forEach((value, i) => assertClose(value, b[i], 1e-5));
    const losses = [
      await fast.trainOnBatch(images, labels),
      await own.trainOnBatch(images, labels),
    ] as number[][];
    losses[0].forEach((loss, i) => assert.ok(Math.abs(loss - losses[1][i]) < 1e-4));
    assertSameWeights(model, own);
  });

  test('compiled anew, with another optimizer: other graphs', async () => {
    for (const each of [model, own]) {
      each.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    }
    await fast.fit(images, labels, options);
    await own.fit(images, labels, options);
    assertSameWeights(model, own);
  });

  test('a callback stops it; an error leaves the model as it was', async () => {
    let epochs = 0;
    const onEpochEnd = () => {
      epochs++;
      model.stopTraining = true;
    };
    await fast.fit(images, labels, { ...options, callbacks: { onEpochEnd } });
    assert.equal(epochs, 1);
    assert.throws(() => fast.predict(tf.ones([2, 5, 6, 1])), /Error when checking/);
    const fails = { onBatchEnd: () => Promise.reject(new Error('enough')) };
    await assert.rejects(async () => fast.fit(images, labels, { ...options, callbacks: fails }), /enough/);
    assert.ok(!Object.keys((model as unknown as { model: object }).model).includes('predictLoop'));
  });

  test('nothing is left over; after dispose it can be used again', async () => {
    const step = async () => {
      tf.dispose(fast.predict(images));
      tf.dispose(fast.evaluate(images, labels));
      await fast.fit(images, labels, { ...options, epochs: 1 });
    };
    await step();
    await assertNoLeak(step);
    fast.dispose();
    assert.deepEqual(fast.inspect(), []);
    assertClose(fast.predict(images) as tf.Tensor, model.predict(images) as tf.Tensor, 1e-5);
    fast.dispose();
  });
});

test('several inputs and outputs, class weights, a dataset', async () => {
  const make = () => {
    const inputs = [tf.input({ shape: [4] }), tf.input({ shape: [2] })];
    const dense = (units: number, seed: number) =>
      tf.layers.dense({ units, kernelInitializer: glorotNormal({ seed }) });
    const joined = tf.layers.concatenate().apply(inputs) as tf.SymbolicTensor;
    const outputs = [dense(1, 1), dense(2, 2)].map(layer => layer.apply(joined) as tf.SymbolicTensor);
    const model = tf.model({ inputs, outputs });
    model.compile({ optimizer: tf.train.sgd(0.05), loss: 'meanSquaredError' });
    return model;
  };
  const [own, model] = [make(), make()];
  const fast = compileModel(model);
  const xs = [random([10, 4], 1), random([10, 2], 2)];
  const ys = [random([10, 1], 3), random([10, 2], 4)];
  for (const each of [fast, own]) {
    await each.fit(xs, ys, { epochs: 2, batchSize: 4, shuffle: false, verbose: 0 });
  }
  assertSameWeights(model, own);
  const expected = own.predict(xs) as tf.Tensor[];
  (fast.predict(xs) as tf.Tensor[]).forEach((output, i) => assertClose(output, expected[i], 1e-5));
  fast.dispose();

  const single = [network(), network()];
  const rows = tf.data
    .zip({ xs: tf.data.array(tf.unstack(images)), ys: tf.data.array(tf.unstack(labels)) })
    .batch(8);
  const compiled = compileModel(single[0]);
  await compiled.fitDataset(rows, { epochs: 1, verbose: 0 });
  await single[1].fitDataset(rows, { epochs: 1, verbose: 0 });
  const classWeight = { 0: 1, 1: 2, 2: 0.5 };
  const options = { epochs: 1, batchSize: 8, shuffle: false, verbose: 0, classWeight };
  await compiled.fit(images, labels, options);
  await single[1].fit(images, labels, options);
  assertSameWeights(single[0], single[1]);
  compiled.dispose();
});

test('a learning rate that a callback changes; dropout without a seed', async () => {
  const model = tf.sequential({
    layers: [tf.layers.dropout({ rate: 0.5, inputShape: [4] }), tf.layers.dense({ units: 1 })],
  });
  const optimizer = tf.train.sgd(0.1);
  model.compile({ optimizer, loss: 'meanSquaredError' });
  const fast = compileModel(model);
  const onEpochEnd = (epoch: number) => {
    if (epoch === 1) optimizer.setLearningRate(0);
  };
  const { history } = await fast.fit(tf.ones([8, 4]), tf.ones([8, 1]), {
    epochs: 6,
    verbose: 0,
    callbacks: { onEpochEnd },
  });
  const before = model.getWeights()[0].arraySync();
  await fast.fit(tf.ones([8, 4]), tf.ones([8, 1]), { epochs: 1, verbose: 0 });
  assert.deepEqual(model.getWeights()[0].arraySync(), before);
  assert.ok(new Set(history.loss).size > 3, 'the mask is another one at each step');
  assert.equal(fast.inspect().length, 1);
  fast.dispose();
});

test('a graph model, for all sizes', async () => {
  const model = await rowsModel('Sum');
  const fast = compileModel(model);
  for (const size of [2, 5, 1]) {
    const x = random([size, 2, 4], 5);
    assertClose(fast.predict(x) as tf.Tensor, model.predict(x) as tf.Tensor, 1e-5);
    assertClose(fast.predict({ x }) as tf.Tensor, model.predict({ x }) as tf.Tensor, 1e-5);
    assertClose(fast.execute(x, 'rows') as tf.Tensor, model.execute(x, 'rows') as tf.Tensor, 0);
  }
  assert.equal(fast.inspect().length, 3);
  fast.dispose();
  model.dispose();
});

test('what is no model, or cannot be a graph, says why', () => {
  assert.throws(
    () => compileModel({} as tf.LayersModel),
    /Expected a tf\.LayersModel .* found an object of class Object/,
  );
  const layers = [tf.layers.lstm({ units: 2, stateful: true, batchInputShape: [2, 3, 1] })];
  const fast = compileModel(tf.sequential({ layers }));
  assert.throws(() => fast.predict(tf.ones([2, 3, 1])), { name: 'CompileError', message: /tf\.Variable/ });
});
