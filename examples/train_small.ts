/**
 * Trains a small network on a part of MNIST, some seconds, and tests it as it goes.
 *
 *     npm run setup && node -r ts-node/register examples/train_small.ts
 */
import { createRun, readDataSets, train } from '../lib';

async function main(): Promise<void> {
  const mnist = await readDataSets('data/mnist', { oneHot: true });
  const data = { train: mnist.train.take(6400), test: mnist.test.take(1000) };
  const settings = {
    optimizer: { kind: 'adam' },
    numLayers: 1,
    numHidden: 64,
    dropout: 0.2,
    epochs: 1,
  } as const;
  const run = createRun(data, { ...settings, learningRate: 0.01, testFreq: 50 }, { name: 'small' });
  await train(run, {
    observers: [{ test: ({ step, testError }) => console.log(`step ${step}: test error ${testError}`) }],
  });
  console.log(`recorded in ${run.folder}`);
}

if (require.main === module) void main();
