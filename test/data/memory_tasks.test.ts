import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addMarked, createRandom, range, rememberSymbol } from '../../lib';

const sizes = { steps: 9, batchSize: 50 };

describe('remember the first symbol', () => {
  const { images, labels, rows, columns, numClasses } = rememberSymbol(
    { ...sizes, symbols: 3 },
    createRandom(1),
  );
  const at = (example: number, step: number) => {
    const start = (example * rows + step) * columns;
    return [...images.subarray(start, start + columns)];
  };

  test('the first step holds the label and the mark, later ones noise without it', () => {
    assert.deepEqual([rows, columns, numClasses], [9, 4, 3]);
    for (const i of range(50)) {
      assert.deepEqual(at(i, 0), [...labels.subarray(i * 3, i * 3 + 3), 1]);
      for (let t = 1; t < 9; t++) assert.equal(at(i, t)[3], 0);
    }
    const noise = range(50).flatMap(i => at(i, 5).slice(0, 3));
    assert.equal(new Set(noise).size, 150, 'no two numbers are the same');
  });

  test('each symbol occurs, and each batch is another', () => {
    for (const k of range(3)) assert.ok(range(50).some(i => labels[i * 3 + k] === 1));
    const random = createRandom(1);
    assert.deepEqual(rememberSymbol({ ...sizes, symbols: 3 }, random).images, images);
    assert.notDeepEqual(rememberSymbol({ ...sizes, symbols: 3 }, random).images, images);
  });
});

test('the adding problem: a mark in each half, and the label is their sum', () => {
  const { images, labels, rows, columns } = addMarked(sizes, createRandom(2));
  assert.deepEqual([rows, columns, labels.length], [9, 2, 50]);
  for (const i of range(50)) {
    const marked = range(9).filter(t => images[(i * 9 + t) * 2 + 1] === 1);
    assert.ok(marked.length === 2 && marked[0] < 4 && marked[1] >= 4, String(marked));
    const [a, b] = marked.map(t => images[(i * 9 + t) * 2]);
    assert.equal(labels[i], Math.fround(a + b));
  }
});

test('sizes that make no sense are refused', () => {
  const random = createRandom(0);
  assert.throws(
    () => addMarked({ steps: 1, batchSize: 1 }, random),
    /Expected at least 2 time steps.* found 1$/,
  );
  assert.throws(
    () => rememberSymbol({ steps: 5, batchSize: 0 }, random),
    /batchSize of at least 1, found 0$/,
  );
  assert.throws(
    () => rememberSymbol({ steps: 5, batchSize: 1, symbols: 1 }, random),
    /at least 2 symbols.* found 1$/,
  );
});
