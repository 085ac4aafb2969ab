import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import { createPooling } from '../../lib/model/model';
import { createRandom } from '../../lib/base/random';
import { range } from '../../lib/base/range';
import type { Pooling } from '../../lib/rnn/layers/pooling';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';

type PoolingInput = NonNullable<HyperparametersInput['pooling']>;
/** [time][batch][outputSize] */
type Outputs = number[][][];

const create = (pooling: PoolingInput, outputSize: number): Pooling =>
  createPooling(parseHyperparameters({ pooling }).pooling, outputSize, createRandom(0));

const tensors = (outputs: Outputs) => outputs.map(output => tf.tensor2d(output));
const pool = (pooling: Pooling, steps: tf.Tensor2D[]) => pooling.pool(steps, steps[steps.length - 1]);

function randomOutputs(time: number, batch: number, size: number): Outputs {
  const random = createRandom(time);
  return range(time).map(() => range(batch).map(() => range(size).map(() => 4 * random.uniform() - 2)));
}

test('last: the last output itself, whatever the others are', () => {
  const [first, last] = tensors(randomOutputs(2, 3, 4));
  assert.equal(create({ kind: 'last' }, 4).pool([first], last), last);
});

test('mean: of the outputs of all time steps', () => {
  const outputs = tensors([[[1, 2]], [[3, 5]], [[-1, 2]]]);
  assertClose(pool(create({ kind: 'mean' }, 2), outputs), tf.tensor2d([[1, 3]]), 1e-7);
});

interface Weights {
  kernel: number[][];
  bias: number[];
  vector: number[];
}

/** Attention as its equations say, in 64 bits and number by number. */
function attention(outputs: Outputs, { kernel, bias, vector }: Weights): number[][] {
  return outputs[0].map((_, example) => {
    const h = outputs.map(output => output[example]);
    const scores = h.map(ht =>
      bias.reduce(
        (sum, b, j) => sum + vector[j] * Math.tanh(ht.reduce((x, value, i) => x + value * kernel[i][j], b)),
        0,
      ),
    );
    const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    return h[0].map((_, i) => h.reduce((sum, ht, t) => sum + (Math.exp(scores[t]) / total) * ht[i], 0));
  });
}

describe('attention', () => {
  const sizes = [
    [1, 1, 1, 0],
    [3, 2, 4, 0],
    [4, 3, 2, 5],
  ] as const;
  for (const [time, batch, size, poolingSize] of sizes) {
    const width = poolingSize || size;
    test(`outputs and gradients: ${time} × ${batch} × ${size}, compared in a width of ${width}`, () => {
      const pooling = create({ kind: 'attention', poolingSize }, size);
      const { kernel, bias, vector } = pooling.variables;
      assert.deepEqual([kernel.shape, bias.shape, vector.shape], [[size, width], [width], [width]]);
      tf.tidy(() => bias.assign(tf.randomUniform([width], -1, 1, 'float32', 3)));
      const read = (variable: tf.Variable) => variable.arraySync() as never;
      const weights: Weights = { kernel: read(kernel), bias: read(bias), vector: read(vector) };
      const outputs = randomOutputs(time, batch, size);
      assertClose(pool(pooling, tensors(outputs)), tf.tensor2d(attention(outputs, weights)), 1e-6);

      // The loss is the sum of the squares; its gradient by central differences in 64 bits.
      const loss = () =>
        attention(outputs, weights)
          .flat()
          .reduce((sum, value) => sum + value ** 2, 0);
      const expected = (row: number[]) =>
        row.map((value, i) => {
          const at = (x: number) => {
            row[i] = x;
            return loss();
          };
          const slope = (at(value + 1e-5) - at(value - 1e-5)) / 2e-5;
          row[i] = value;
          return slope;
        });
      const lossOf = (steps: tf.Tensor2D[]) => tf.sum<tf.Scalar>(tf.square(pool(pooling, steps)));
      const { grads } = tf.variableGrads(() => lossOf(tensors(outputs)));
      const close = (name: string, found: tf.Tensor, values: number[] | number[][]) =>
        assertClose(found, tf.tensor(values), 1e-5, name);
      close('kernel', grads[kernel.name], weights.kernel.map(expected));
      close('bias', grads[bias.name], expected(weights.bias));
      close('vector', grads[vector.name], expected(weights.vector));
      const byOutputs = tf.grads((...steps) => lossOf(steps as tf.Tensor2D[]))(tensors(outputs));
      byOutputs.forEach((found, t) => close(`output ${t}`, found, outputs[t].map(expected)));
      tf.dispose({ ...pooling.variables });
    });
  }

  test('of outputs that are all the same it makes that output', () => {
    const [output] = tensors(randomOutputs(1, 2, 3));
    assertClose(pool(create({ kind: 'attention' }, 3), [output, output, output]), output, 1e-6);
  });

  test('starts as glorot uniform says, with no bias; the seed decides', () => {
    const { kernel, bias, vector } = create({ kind: 'attention', poolingSize: 30 }, 20).variables;
    const largest = (x: tf.Tensor) => tf.max(tf.abs(x)).dataSync()[0];
    const [ofKernel, ofVector] = [Math.sqrt(6 / 50), Math.sqrt(3 / 30)];
    assert.ok(largest(kernel) <= ofKernel && largest(kernel) > 0.9 * ofKernel);
    assert.ok(largest(vector) <= ofVector && largest(vector) > 0.7 * ofVector);
    assert.equal(largest(bias), 0);
    assertClose(create({ kind: 'attention', poolingSize: 30 }, 20).variables.kernel, kernel, 0);
  });
});

for (const kind of ['mean', 'attention'] as const) {
  test(`${kind} leaves no tensor behind`, async () => {
    const pooling = create({ kind }, 3);
    const outputs = tensors(randomOutputs(4, 2, 3));
    await assertNoLeak(() => pool(pooling, outputs).dispose());
  });
}
