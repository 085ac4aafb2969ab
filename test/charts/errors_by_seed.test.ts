import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errorsBySeed } from '../../lib/charts';

describe('errorsBySeed', () => {
  test('has a mark for each seed, and a line at the median of each group', () => {
    const { data, layout } = errorsBySeed([
      { label: 'post', errors: [0.016, 0.013, 0.019] },
      { label: 'not trained yet', errors: [] },
      { label: 'better', errors: [0.01, 0.012], note: 'p = 0.01' },
    ]);
    const [{ x, y }] = data as { x: number[]; y: number[] }[];
    assert.deepEqual(x, [0.016, 0.013, 0.019, 0.01, 0.012]);
    assert.deepEqual(y, [0, 0, 0, 1, 1]);
    assert.deepEqual(
      layout.shapes!.map(({ x0 }) => x0),
      [0.016, 0.011],
    );
    assert.deepEqual(
      layout.annotations!.map(({ text }) => text),
      ['post: 1.60 %', 'better: 1.10 % (p = 0.01)'],
    );
    const { description } = layout.meta as { description: string };
    assert.match(description, /post 1\.60 % \(3\), better 1\.10 % \(2\)$/);
  });

  test('says that nothing is measured yet', () => {
    const { data, layout } = errorsBySeed([]);
    assert.deepEqual((data[0] as { x: number[] }).x, []);
    assert.match((layout.meta as { description: string }).description, /nothing is measured yet/);
  });

  test('refuses what is no error', () => {
    assert.throws(
      () => errorsBySeed([{ label: 'percent', errors: [1.5] }]),
      /Expected errors from 0 to 1, found 1\.5/,
    );
    assert.throws(() => errorsBySeed([{ label: 'gap', errors: [NaN] }]), /found NaN/);
  });
});
