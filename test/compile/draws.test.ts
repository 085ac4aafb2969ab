/** Random numbers that tfjs draws without a seed of their own: TensorFlow draws them in a graph, others at each call. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../lib/compile/compile';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';

const ones = tf.ones([100, 100]);
const odds = tf.log(tf.tensor1d([1, 3]));
const values = (tensor: tf.Tensor) => [...tensor.dataSync()];
const momentsOf = (tensor: tf.Tensor) => {
  const { mean, variance } = tf.moments(tensor);
  return [values(mean)[0], values(variance)[0] ** 0.5];
};

const draws: Record<string, { draw: () => tf.Tensor; mean: number; deviation: number }> = {
  'tf.dropout': { draw: () => tf.dropout(ones, 0.2), mean: 1, deviation: 0.5 },
  'tf.dropout, shared by rows': { draw: () => tf.dropout(ones, 0.5, [100]), mean: 1, deviation: 1 },
  'tf.dropout of columns': { draw: () => tf.dropout(ones, 0.5, [1, 100]), mean: 1, deviation: 1 },
  'tf.randomUniform': { draw: () => tf.randomUniform([1e4], -1, 3), mean: 1, deviation: 4 / 12 ** 0.5 },
  'whole numbers': { draw: () => tf.randomUniform([1e4], 0, 2, 'int32'), mean: 0.5, deviation: 0.5 },
  'tf.randomNormal': { draw: () => tf.randomNormal([1e4], 5, 2), mean: 5, deviation: 2 },
  'whole numbers of randomNormal': {
    draw: () => tf.randomNormal([1e4], 5, 2, 'int32'),
    mean: 5,
    deviation: (4 + 1 / 12) ** 0.5,
  },
  'tf.randomUniformInt': { draw: () => tf.randomUniformInt([1e4], 2, 4), mean: 2.5, deviation: 0.5 },
  'tf.randomStandardNormal': { draw: () => tf.randomStandardNormal([1e4]), mean: 0, deviation: 1 },
  'tf.randomGamma': { draw: () => tf.randomGamma([1e4], 4, 0.5), mean: 2, deviation: 1 },
  'tf.multinomial': { draw: () => tf.multinomial(odds, 1e4), mean: 0.75, deviation: 0.1875 ** 0.5 },
  'tf.truncatedNormal': { draw: () => tf.truncatedNormal([1e4], 1, 2), mean: 1, deviation: 2 * 0.8796 },
};

for (const [name, { draw, mean, deviation }] of Object.entries(draws)) {
  test(`${name} draws as it does by itself, and others at each call`, async () => {
    const f = compile(() => [draw(), draw()], { seed: 3 });
    const drawn = [...f(), ...f()];
    assert.equal(new Set(drawn.map(each => values(each).join())).size, 4);
    const tolerance = /columns|rows/.test(name) ? 0.4 : 0.06;
    for (const each of drawn) {
      const [actualMean, actualDeviation] = momentsOf(tf.cast(each, 'float32'));
      assert.ok(Math.abs(actualMean - mean) < tolerance, `mean ${actualMean}, expected ${mean}`);
      assert.ok(Math.abs(actualDeviation - deviation) < tolerance, `deviation ${actualDeviation}`);
      assert.equal(each.dtype, draw().dtype);
    }
    const again = compile(() => [draw(), draw()], { seed: 3 });
    assert.deepEqual(values(again()[1]), values(drawn[1]));
    assert.notDeepEqual(values(compile(() => [draw(), draw()])()[1]), values(drawn[1]));
    await assertNoLeak(() => tf.dispose(f()));
  });
}

test('with a seed of their own they draw the same each time', () => {
  const f = compile(() => ({
    mask: tf.dropout(ones, 0.5, undefined, 7),
    uniform: tf.randomUniform([3], 0, 1, 'float32', 5),
    classes: tf.multinomial(odds, 20, 7),
  }));
  const { classes } = f();
  assertClose(f().classes, classes, 0);
  assertClose(f().mask, tf.dropout(ones, 0.5, undefined, 7), 0);
  assertClose(f().uniform, tf.randomUniform([3], 0, 1, 'float32', 5), 0);
});

test('layers of tf.layers that draw, in training and otherwise; what runs outside draws as always', () => {
  const layers = [
    tf.layers.dropout({ rate: 0.5 }),
    tf.layers.gaussianNoise({ stddev: 1 }),
    tf.layers.gaussianDropout({ rate: 0.5 }),
    tf.layers.alphaDropout({ rate: 0.5 }),
    tf.layers.lstm({ units: 4, dropout: 0.5, recurrentDropout: 0.5, recurrentInitializer: 'glorotNormal' }),
  ];
  for (const layer of layers) {
    const input = layer.getClassName() === 'LSTM' ? tf.ones([2, 3, 4]) : ones;
    const f = compile((a: tf.Tensor, training: boolean) => layer.apply(a, { training }) as tf.Tensor);
    const [first, second] = [f(input, true), f(input, true)].map(each => values(each).join());
    assert.notEqual(first, second, layer.getClassName());
    assertClose(f(input, false), layer.apply(input) as tf.Tensor, 1e-6);
    const eager = [1, 2].map(() => values(layer.apply(input, { training: true }) as tf.Tensor).join());
    assert.notEqual(eager[0], eager[1]);
  }
});

test('signatures, and draws that a gradient needs twice', () => {
  const f = compile((a: tf.Tensor) => tf.valueAndGrad((b: tf.Tensor) => tf.sum(tf.dropout(b, 0.5)))(a), {
    seed: 1,
  });
  const [small, large] = [f(tf.ones([64])), f(tf.ones([65]))];
  assertClose(tf.sum(small.grad), small.value, 1e-4);
  assert.notDeepEqual(values(small.grad), values(large.grad).slice(0, 64));
});

test('mistakes are what they are by themselves', () => {
  const mistakes: Record<string, () => tf.Tensor> = {
    'a fraction as a size': () => tf.randomUniform([1.5]),
    'a rate above 1': () => tf.dropout(ones, 1.5),
    'dropout of whole numbers': () => tf.dropout(tf.cast(ones, 'int32'), 0.5),
    'one class': () => tf.multinomial(tf.tensor1d([1]), 2),
    'no logits': () => tf.multinomial({}, 2),
    'an index out of bounds': () => tf.gather(ones, [100]),
  };
  for (const [name, mistake] of Object.entries(mistakes)) {
    const message = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return (error as Error).message;
      }
      return assert.fail(name);
    };
    assert.equal(message(compile(mistake)), message(mistake));
  }
});
