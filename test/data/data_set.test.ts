import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sha256Of } from '../../lib/base/files/checksum';
import { DataSet, type Batch, type DataSetState } from '../../lib/data';
import { UserError } from '../../lib/base/errors';
import { createRandom } from '../../lib/base/random';

/** Images of 1 × 2 pixels; the label of example i is i modulo 3. */
function makeDataSet(numExamples: number, seed = 1, oneHot = false): DataSet {
  const images = Uint8Array.from({ length: 2 * numExamples }, (_, i) => i % 256);
  const labels = Uint8Array.from({ length: numExamples }, (_, i) => i % 3);
  return new DataSet({ images, labels, rows: 1, columns: 2, numClasses: 3, oneHot }, createRandom(seed));
}

const indicesOf = (batches: Iterable<Batch>) => [...batches].flatMap(batch => [...batch.indices]);
const nextBatches = (data: DataSet, size: number, count: number) =>
  Array.from({ length: count }, () => data.nextBatch(size));
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
const ascending = (numbers: number[]) => numbers.sort((a, b) => a - b);

/** A number of examples and a batch size that fits. */
const sizes = fc
  .integer({ min: 1, max: 40 })
  .chain(numExamples => fc.tuple(fc.constant(numExamples), fc.integer({ min: 1, max: numExamples })));

test('batches are always full and each epoch sees each example exactly once', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), ([numExamples, size], seed) => {
      const epochs = 4;
      const batches = nextBatches(
        makeDataSet(numExamples, seed),
        size,
        Math.ceil((epochs * numExamples) / size),
      );
      assert.ok(batches.every(batch => batch.size === size && batch.indices.length === size));
      const seen = indicesOf(batches);
      for (let epoch = 0; epoch < epochs; epoch++) {
        const inEpoch = seen.slice(epoch * numExamples, (epoch + 1) * numExamples);
        assert.deepEqual(ascending(inEpoch), upTo(numExamples));
      }
    }),
  );
});

test('epochsCompleted grows when the first example of the next epoch is taken, as in the original', () => {
  fc.assert(
    fc.property(sizes, ([numExamples, size]) => {
      const data = makeDataSet(numExamples);
      assert.equal(data.epochsCompleted, 0);
      for (let taken = size; taken <= 5 * numExamples; taken += size) {
        data.nextBatch(size);
        assert.equal(data.epochsCompleted, Math.ceil(taken / numExamples) - 1);
      }
    }),
  );
});

test('every epoch has an order of its own, and the seed decides it', () => {
  const order = (seed: number) => indicesOf(nextBatches(makeDataSet(100, seed), 100, 3)).join();
  assert.equal(order(1), order(1));
  assert.notEqual(order(1), order(2));
  const epochs = nextBatches(makeDataSet(100), 100, 3).map(batch => batch.indices.join());
  assert.equal(new Set([upTo(100).join(), ...epochs]).size, 4);
});

test('a batch holds the images and labels of its indices', () => {
  for (const oneHot of [false, true]) {
    const data = makeDataSet(50, 1, oneHot);
    for (const batch of nextBatches(data, 16, 7)) {
      assert.deepEqual([batch.rows, batch.columns, batch.numClasses, batch.oneHot], [1, 2, 3, oneHot]);
      batch.indices.forEach((index, i) => {
        const pixels = [...data.image(index)].map(byte => Math.fround(byte * Math.fround(1 / 255)));
        assert.deepEqual([...batch.images.subarray(2 * i, 2 * i + 2)], pixels);
        const label = data.label(index);
        if (batch.oneHot) {
          assert.deepEqual(
            [...batch.labels.subarray(3 * i, 3 * i + 3)],
            [0, 1, 2].map(c => +(c === label)),
          );
        } else {
          assert.equal(batch.labels[i], label);
        }
      });
    }
  }
});

test("pixels are the original's float32 product with 1/255", () => {
  const content = { rows: 16, columns: 16, numClasses: 1, oneHot: false, labels: Uint8Array.of(0) };
  const data = new DataSet({ ...content, images: Uint8Array.from(upTo(256)) }, createRandom(0));
  const { images } = data.nextBatch(1);
  // Python: numpy.multiply(numpy.arange(256, dtype='uint8').astype('float32'), 1 / 255). Division differs in 126 places.
  assert.equal(images[3], Math.fround(0.011764707));
  assert.equal(
    sha256Of(new Uint8Array(images.buffer)),
    'd5f525a13a07c1d604032ed460ac58ad9e012b8bec74236bd5f4f46142995b87',
  );
});

test('batches are copies: neither later batches nor changes by the user reach another', () => {
  const data = makeDataSet(10);
  const batch = data.nextBatch(4);
  const before = structuredClone(batch);
  nextBatches(data, 4, 20);
  assert.deepEqual(batch, before);
  const [changed, untouched] = [makeDataSet(10), makeDataSet(10)];
  untouched.nextBatch(4);
  const first = changed.nextBatch(4);
  new Uint32Array(first.indices.buffer).fill(0);
  first.images.fill(0);
  assert.deepEqual(changed.nextBatch(10), untouched.nextBatch(10));
});

test('the ordered pass sees all examples once, in order, with a shorter last batch', () => {
  const data = makeDataSet(10);
  const batches = [...data.batches(4)];
  assert.deepEqual(
    batches.map(batch => batch.size),
    [4, 4, 2],
  );
  assert.deepEqual(indicesOf(batches), upTo(10));
  assert.deepEqual(
    [...data.batches(100)].map(batch => batch.size),
    [10],
  );
});

test('the ordered pass leaves the shuffled order alone', () => {
  const [data, twin] = [makeDataSet(10), makeDataSet(10)];
  const seen: number[] = [];
  for (let i = 0; i < 6; i++) {
    seen.push(...data.nextBatch(3).indices);
    assert.equal(indicesOf(data.batches(4)).length, 10);
  }
  assert.deepEqual(seen, indicesOf(nextBatches(twin, 3, 6)));
});

test('a set restored in the middle continues with exactly the same batches, whatever its seed', () => {
  fc.assert(
    fc.property(sizes, fc.nat(30), fc.nat(), ([numExamples, size], count, otherSeed) => {
      const data = makeDataSet(numExamples);
      nextBatches(data, size, count);
      const state = JSON.parse(JSON.stringify(data.state())) as DataSetState;
      const restored = makeDataSet(numExamples, otherSeed);
      nextBatches(restored, size, otherSeed % 3);
      restored.restore(state);
      assert.equal(restored.epochsCompleted, data.epochsCompleted);
      const rest = Math.ceil((2 * numExamples) / size) + 1;
      assert.deepEqual(nextBatches(restored, size, rest), nextBatches(data, size, rest));
    }),
  );
});

test('the state of a data set of another size is refused', () => {
  assert.throws(
    () => makeDataSet(10).restore(makeDataSet(11).state()),
    /Expected the state of a data set with 10 examples, found one of 11/,
  );
});

test('a subset is a view with an order of its own', () => {
  const data = makeDataSet(20);
  const part = data.subset(5, 12);
  assert.equal(part.numExamples, 7);
  assert.equal(part.images.buffer, data.images.buffer);
  assert.deepEqual([...part.image(0)], [10, 11]);
  assert.equal(part.label(0), 5 % 3);
  assert.deepEqual(ascending(indicesOf([part.nextBatch(7)])), upTo(7));
  assert.equal(data.epochsCompleted, 0);
  assert.deepEqual(data.take(3).images, data.images.subarray(0, 6));
  assert.notDeepEqual(data.subset(0, 10).nextBatch(10).indices, data.subset(10, 20).nextBatch(10).indices);
  assert.equal(data.take(0).numExamples, 0);
  assert.deepEqual([...data.take(0).batches(5)], []);
});

test('sizes and indices that cannot be are refused', () => {
  const data = makeDataSet(10);
  const refuses = (act: () => unknown, message: RegExp) =>
    assert.throws(act, error => error instanceof UserError && message.test(error.message));
  for (const size of [0, -1, 2.5, NaN]) {
    refuses(() => data.nextBatch(size), /Expected a positive integer as batch size, found/);
    refuses(() => data.batches(size), /Expected a positive integer as batch size, found/);
  }
  refuses(() => data.nextBatch(11), /at most the 10 examples of the data set, found 11: choose a smaller/);
  refuses(() => data.subset(3, 2), /0 ≤ start ≤ end ≤ 10 .*found start 3, end 2/);
  refuses(() => data.subset(-1, 2), /found start -1/);
  refuses(() => data.take(11), /found start 0, end 11/);
  refuses(() => data.image(10), /Expected the index of an example, 0 to 9, found 10/);
  refuses(() => data.label(-1), /found -1/);
  assert.equal(data.epochsCompleted, 0);
});

test('images and labels that do not fit together are refused', () => {
  const make = (numPixels: number, labels: number[]) => () =>
    new DataSet(
      {
        images: new Uint8Array(numPixels),
        labels: Uint8Array.from(labels),
        rows: 1,
        columns: 2,
        numClasses: 3,
        oneHot: true,
      },
      createRandom(0),
    );
  assert.throws(make(5, [0, 1, 2]), /Expected 6 pixels for 3 labels of 1 × 2 images, found 5/);
  assert.throws(make(6, [0, 1, 3]), /Expected labels from 0 to 2 in the labels, found 3 at index 2/);
});

test('class names are plain text', () => {
  const named = (...classNames: string[]) => new DataSet({ ...makeDataSet(3), classNames }, createRandom(0));
  assert.deepEqual(named('T-shirt/top', '< 5', 'é').classNames, ['T-shirt/top', '< 5', 'é']);
  for (const name of ['', '<img src=x onerror=alert(1)>', '</title>', 'two\nlines', 'x'.repeat(101)]) {
    assert.throws(() => named('a', name, 'c'), {
      name: 'UserError',
      message: /Expected class names of 1 to 100/,
    });
  }
});
