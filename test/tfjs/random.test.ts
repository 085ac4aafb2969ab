import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dropout } from '../../lib/tfjs/dropout';
import { randomUniform } from '../../lib/tfjs/random_uniform';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';
import { goldenCases, toTensor, type GoldenTensor } from '../support/golden';

interface DropoutCase {
  x: GoldenTensor;
  keepProb: number;
  seed: [number, number];
  uniform: GoldenTensor;
  output: GoldenTensor;
}

describe('randomUniform and dropout', () => {
  for (const { x, keepProb, seed, uniform, output } of goldenCases<DropoutCase>('dropout')) {
    test(`golden numbers: keep ${keepProb} of ${x.shape.join(' × ')}`, () => {
      const seedTensor = tf.tensor1d(seed, 'int32');
      assertClose(randomUniform(x.shape, seedTensor), uniform, 0);
      assertClose(dropout(toTensor(x), keepProb, seedTensor), output, 1e-6);
      assertClose(
        dropout(toTensor(x), tf.scalar(keepProb), seedTensor),
        output,
        1e-6,
        'probability as a tensor',
      );
    });
  }

  test('leaves no tensor behind, and lets the gradient through where it keeps', async () => {
    const seed = tf.tensor1d([1, 2], 'int32');
    const x: tf.Tensor1D = tf.ones([100]);
    await assertNoLeak(() => dropout(x, 0.5, seed).dispose());
    const gradient = tf.grad((input: tf.Tensor) => tf.sum(dropout(input, 0.5, seed)))(x);
    assertClose(gradient, dropout(x, 0.5, seed), 0);
    const values = new Set(gradient.dataSync());
    assert.deepEqual([...values].sort(), [0, 2]);
  });
});
