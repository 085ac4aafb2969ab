import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReader, toSymbols } from '../../examples/pixels_as_symbols';
import { DataSet } from '../../lib/data';
import { sgd } from '../../lib/optimizers';
import { createRandom } from '../../lib/base/random';
import { tf } from '../../lib/tfjs/tensorflow';
import { createTrainStep } from '../../lib/training/train_step';

test('a block of 4 × 4 pixels becomes one symbol, its mean brightness in eight levels', () => {
  const images = tf.concat<tf.Tensor3D>(
    [tf.zeros([1, 4, 4]), tf.fill([1, 4, 4], 0.5), tf.ones([1, 4, 4])],
    2,
  );
  const symbols = toSymbols(images);
  assert.deepEqual([symbols.shape, symbols.dtype, [...symbols.dataSync()]], [[1, 3, 1], 'int32', [0, 4, 7]]);
});

test('the reader learns which half of an image is bright', async () => {
  const [numExamples, rows, columns] = [20, 8, 8];
  const labels = Uint8Array.from({ length: numExamples }, (_, i) => i % 2);
  const images = Uint8Array.from({ length: numExamples * rows * columns }, (_, i) => {
    const [image, row] = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows];
    return row < 4 === (labels[image] === 0) ? 220 : 20;
  });
  const order = createRandom(0);
  const data = new DataSet({ images, labels, rows, columns, numClasses: 10, oneHot: true }, order);
  const step = createTrainStep(createReader(0), {
    optimizer: sgd({ momentum: 0.9 }),
    learningRate: 0.1,
    log: () => {},
  });
  const losses: number[] = [];
  for (let i = 0; i < 40; i++) losses.push((await step(data.nextBatch(numExamples))).loss);
  assert.ok(losses[39] < 0.2 * losses[0], `${losses[0]} at first, ${losses[39]} at last`);
  step.dispose();
});
