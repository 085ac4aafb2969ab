/** Real MNIST, as set-up puts it into data/mnist. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { readDataSets, type DataSet, type DataSets } from '../../lib/data';

let mnist: DataSets;
before(async () => {
  mnist = await readDataSets('data/mnist', { oneHot: true });
});

const labelCounts = (data: DataSet) => {
  const counts = new Array<number>(10).fill(0);
  for (const label of data.labels) counts[label]++;
  return counts;
};

test('55,000 / 5,000 / 10,000 images of 28 × 28 pixels in ten classes', () => {
  const { train, validation, test } = mnist;
  assert.deepEqual([train.numExamples, validation.numExamples, test.numExamples], [55_000, 5_000, 10_000]);
  for (const data of [train, validation, test]) {
    assert.deepEqual([data.rows, data.columns, data.numClasses], [28, 28, 10]);
    assert.equal(data.classNames?.join(''), '0123456789');
  }
});

test('the first labels are those that everybody knows', () => {
  assert.deepEqual([...mnist.validation.labels.subarray(0, 10)], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  assert.deepEqual([...mnist.test.labels.subarray(0, 10)], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
});

test('how often each digit occurs', () => {
  const [train, validation] = [labelCounts(mnist.train), labelCounts(mnist.validation)];
  assert.deepEqual(
    train.map((count, digit) => count + validation[digit]),
    [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
  );
  assert.deepEqual(labelCounts(mnist.test), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
});

test('mean 0.1307 and standard deviation 0.3081 of the pixels of the 60,000 training images', () => {
  let [count, sum, squares] = [0, 0, 0];
  for (const data of [mnist.train, mnist.validation]) {
    for (const byte of data.images) {
      sum += byte;
      squares += byte * byte;
    }
    count += data.images.length;
  }
  const mean = sum / count;
  assert.equal((mean / 255).toFixed(4), '0.1307');
  assert.equal((Math.sqrt(squares / count - mean ** 2) / 255).toFixed(4), '0.3081');
});

test('859 batches of 64 stay in the first epoch, the 860th begins the second', () => {
  const train = mnist.train.take(mnist.train.numExamples);
  for (let step = 1; step <= 859; step++) train.nextBatch(64);
  assert.equal(train.epochsCompleted, 0);
  const batch = train.nextBatch(64);
  assert.equal(train.epochsCompleted, 1);
  assert.equal(batch.images.length, 64 * 28 * 28);
  assert.equal([...batch.labels].filter(Boolean).length, 64);
});
