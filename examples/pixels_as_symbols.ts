/**
 * Reads the pixels of a digit as symbols, the way a text is read: each of eight levels of brightness is a word, and the
 * network learns a vector for each. Images are made 7 × 7 first, so that a digit has 49 words.
 *
 *     npm run setup && node -r ts-node/register examples/pixels_as_symbols.ts
 */
import {
  createOptimizer,
  createOutputLayer,
  createRandom,
  createTrainStep,
  dynamicRnn,
  EmbeddingWrapper,
  evaluate,
  GRUCell,
  range,
  readDataSets,
  tf,
  type SequenceClassifier,
} from '../lib';

const [levels, vectorSize, numHidden, shrink, numClasses] = [8, 8, 64, 4, 10];

/** @param images [batch, rows, columns], 0..1; @returns [batch, time, 1] int32, from 0 to levels − 1 */
export function toSymbols(images: tf.Tensor3D): tf.Tensor3D {
  const small = tf.avgPool(tf.expandDims<tf.Tensor4D>(images, 3), shrink, shrink, 'valid');
  const level = tf.minimum(tf.floor(tf.mul(small, levels)), levels - 1); // white, 1, is the last level
  return tf.cast(tf.reshape<tf.Rank.R3>(level, [images.shape[0], -1, 1]), 'int32');
}

/** A GRU that reads symbols, and a linear layer on its last output. */
export function createReader(seed: number): SequenceClassifier {
  const options = { embeddingClasses: levels, embeddingSize: vectorSize };
  const cell = new EmbeddingWrapper(new GRUCell(numHidden), options).build(1, createRandom(seed));
  const output = createOutputLayer(numHidden, numClasses, seed);
  return {
    variables: { ...cell.variables, 'output/kernel': output.kernel, 'output/bias': output.bias },
    logits: (images, pass) => output.call(dynamicRnn(cell, toSymbols(images), pass).lastOutput),
  };
}

async function main(steps = 400): Promise<void> {
  const { train, test } = await readDataSets('data/mnist', { oneHot: true });
  const model = createReader(0);
  const optimizer = createOptimizer({ kind: 'adam' });
  const step = createTrainStep(model, { optimizer, learningRate: 0.005 });
  for (const i of range(steps)) {
    const { loss } = await step(train.nextBatch(64));
    if ((i + 1) % 50 === 0) console.log(`step ${i + 1}: loss ${loss.toFixed(3)}`);
  }
  const { errorRate } = await evaluate(model, test);
  console.log(`test error ${(100 * errorRate).toFixed(1)} % after ${steps} steps of 64 images`);
}

if (require.main === module) void main();
