import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DataSet } from '../../lib/data';
import { UserError } from '../../lib/base/errors';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import { kindsOf } from '../../lib/settings/kinds';
import { createModel, createSequence } from '../../lib/model/model';
import { createOptimizer } from '../../lib/optimizers';
import { createRandom } from '../../lib/base/random';
import { range } from '../../lib/base/range';
import * as sequences from '../../lib/model/sequences';
import { tf } from '../../lib/tfjs/tensorflow';
import { createTrainStep } from '../../lib/training/train_step';
import { assertNoLeak } from '../support/assert_close';

type SequenceInput = NonNullable<HyperparametersInput['sequence']>;

/** Two images whose pixels are their own places: 0, 1, 2, … in the first, 100, 101, 102, … in the second. */
const places = (rows: number, columns: number): tf.Tensor3D =>
  tf.tensor3d(
    [0, 100].flatMap(start => range(rows * columns).map(i => start + i)),
    [2, rows, columns],
  );

function read(sequence: SequenceInput, rows: number, columns: number) {
  const made = createSequence(parseHyperparameters({ sequence }).sequence, { rows, columns });
  const steps = made.read(places(rows, columns));
  assert.equal(steps.length, made.numSteps);
  for (const step of steps) assert.deepEqual(step.shape, [2, made.numFeatures]);
  return steps.map(step => step.arraySync().map(image => image.join(' ')));
}

describe('what is read at each time step:', () => {
  test('rows, from top to bottom', () => {
    assert.deepEqual(read({ kind: 'rows' }, 2, 3), [
      ['0 1 2', '100 101 102'],
      ['3 4 5', '103 104 105'],
    ]);
  });

  test('columns, from left to right', () => {
    assert.deepEqual(read({ kind: 'columns' }, 2, 3), [
      ['0 3', '100 103'],
      ['1 4', '101 104'],
      ['2 5', '102 105'],
    ]);
  });

  test('rowsAndColumns: row t beside column t', () => {
    assert.deepEqual(read({ kind: 'rowsAndColumns' }, 2, 2), [
      ['0 1 0 2', '100 101 100 102'],
      ['2 3 1 3', '102 103 101 103'],
    ]);
  });

  test('pixels, row after row', () => {
    assert.deepEqual(
      read({ kind: 'pixels' }, 2, 3),
      range(6).map(i => [`${i}`, `${100 + i}`]),
    );
  });

  test('permuted: each pixel once, in the same order for all images, which only permutationSeed decides', () => {
    const order = (permutationSeed: number, seed = 0) => {
      const { sequence } = parseHyperparameters({ sequence: { kind: 'permuted', permutationSeed }, seed });
      const steps = read(sequence, 4, 3);
      for (const [first, second] of steps) assert.equal(Number(second), Number(first) + 100);
      return steps.map(([first]) => Number(first));
    };
    assert.deepEqual(order(0), [8, 11, 3, 7, 6, 9, 0, 10, 2, 5, 1, 4]); // in every version: runs depend on it
    assert.deepEqual(order(0, 5), order(0));
    assert.notDeepEqual(order(1), order(0));
    assert.deepEqual(
      order(1).sort((a, b) => a - b),
      range(12),
    );
  });

  test('blocks, from left to right and top to bottom, each row after row', () => {
    assert.deepEqual(
      read({ kind: 'blocks', blockSize: 2 }, 4, 6).map(([first]) => first),
      ['0 1 6 7', '2 3 8 9', '4 5 10 11', '12 13 18 19', '14 15 20 21', '16 17 22 23'],
    );
  });

  test('an image of one step is a sequence too', () => {
    assert.deepEqual(read({ kind: 'rows' }, 1, 3), [['0 1 2', '100 101 102']]);
    assert.deepEqual(read({ kind: 'blocks', blockSize: 2 }, 2, 2), [['0 1 2 3', '100 101 102 103']]);
  });
});

test('28 × 28 pixels: so many steps of so many pixels', () => {
  const sizes = kindsOf(sequences).map(({ name }) => {
    const { sequence } = parseHyperparameters({ sequence: { kind: name } as SequenceInput });
    const { numSteps, numFeatures } = createSequence(sequence, { rows: 28, columns: 28 });
    return [name, numSteps, numFeatures];
  });
  assert.deepEqual(sizes, [
    ['rows', 28, 28],
    ['columns', 28, 28],
    ['rowsAndColumns', 28, 56],
    ['pixels', 784, 1],
    ['permuted', 784, 1],
    ['symbols', 784, 1],
    ['blocks', 49, 16],
  ]);
});

test('symbols: the brightness of each pixel in levels, black the first and white the last', () => {
  const settings = parseHyperparameters({ sequence: { kind: 'symbols', symbolLevels: 4 } });
  const sequence = createSequence(settings.sequence, { rows: 2, columns: 3 });
  const steps = sequence.read(tf.tensor3d([0, 0.24, 0.25, 0.5, 0.99, 1], [1, 2, 3]));
  assert.deepEqual(
    steps.map(step => [step.dtype, ...step.shape, ...step.dataSync()]),
    [0, 0, 1, 2, 3, 3].map(level => ['int32', 1, 1, level]),
  );
  assert.deepEqual(sequence.symbols, { embeddingClasses: 4, embeddingSize: 16 });
});

describe('images that do not fit', () => {
  const refusal = (expected: string) => (error: Error) =>
    error instanceof UserError && error.message === expected;

  test('rowsAndColumns needs square ones', () => {
    assert.throws(
      () => read({ kind: 'rowsAndColumns' }, 4, 3),
      refusal(
        'Expected square images for the sequence rowsAndColumns, found 4 × 3 pixels: choose rows or columns',
      ),
    );
  });

  test('blocks must fill them; the sizes that do are named', () => {
    assert.throws(
      () => read({ kind: 'blocks', blockSize: 5 }, 28, 28),
      refusal(
        'Expected a blockSize that divides images of 28 × 28 pixels, found 5: possible are 1, 2, 4, 7, 14, 28',
      ),
    );
    assert.throws(() => read({ kind: 'blocks', blockSize: 4 }, 4, 6), /found 4: possible are 1, 2$/);
  });
});

describe('trained as one graph and step by step, the same numbers, and no tensor left:', () => {
  for (const { name } of kindsOf(sequences)) {
    test(name, async () => {
      const sequence = { kind: name, ...(name === 'blocks' && { blockSize: 2 }) } as SequenceInput;
      const settings = parseHyperparameters({ sequence, numLayers: 2, numHidden: 6, batchSize: 10 });
      const losses = async (compile: boolean) => {
        const data = squares(30);
        const model = createModel(settings, data);
        const optimizer = createOptimizer(settings.optimizer);
        const step = createTrainStep(model, { ...settings, optimizer, compile, log: () => {} });
        const found = [(await step(data.nextBatch(10))).loss];
        await assertNoLeak(async () => found.push((await step(data.nextBatch(10))).loss));
        return found;
      };
      const [compiled, eager] = [await losses(true), await losses(false)];
      assert.ok(Math.abs(compiled[1] - eager[1]) < 1e-5, `${compiled.join()} ${eager.join()}`);
    });
  }

  /** Images of 4 × 4 random pixels. */
  function squares(numExamples: number): DataSet {
    const random = createRandom(0);
    const images = Uint8Array.from({ length: numExamples * 16 }, () => random.integer(256));
    const labels = Uint8Array.from({ length: numExamples }, () => random.integer(3));
    return new DataSet({ images, labels, rows: 4, columns: 4, numClasses: 3, oneHot: true }, random);
  }
});
