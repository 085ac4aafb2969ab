import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { compile } from '../lib/compile/compile';
import { tf } from '../lib/tfjs/tensorflow';

const lines = (...text: string[]) => text.join('\n');

test('a tensor shows its type, its shape and its values', () => {
  assert.equal(
    inspect(tf.tensor2d([[1, 2], [3, 4.5]])), // prettier-ignore
    lines(
      'Tensor',
      '  dtype: float32',
      '  rank: 2',
      '  shape: [2,2]',
      '  values:',
      '    [[1, 2  ],',
      '     [3, 4.5]]',
    ),
  );
  assert.match(inspect(tf.tensor1d(['a', 'b'])), /dtype: string[^]*\['a', 'b'\]$/);
  assert.match(inspect(tf.tensor1d([true, false], 'bool')), /\[true, false\]$/);
  assert.match(inspect(tf.complex([1], [2])), /\[1 \+ 2j\]$/);
});

test('a variable shows its name, and whether it is trained', () => {
  const weights = tf.variable(tf.zeros([2]), true, 'readable_weights');
  assert.match(inspect(weights), /^Variable readable_weights\n {2}dtype: float32/);
  weights.trainable = false;
  assert.match(inspect(weights), /^Variable readable_weights \(not trainable\)\n/);
  weights.dispose();
});

test('within something else it takes one line, with its values if they are few', () => {
  const images = tf.zeros([64, 28, 28]);
  assert.equal(
    inspect({ images, loss: tf.scalar(0.5), ids: [tf.tensor1d([1, 2], 'int32')] }),
    lines(
      '{',
      '  images: Tensor float32 [64,28,28],',
      '  loss: Tensor float32 []: 0.5,',
      '  ids: [ Tensor int32 [2]: [1, 2] ]',
      '}',
    ),
  );
});

test('of a large one a few values are shown, and nothing is left behind', () => {
  const { numTensors } = tf.memory();
  for (const shape of [[1_000_000], [600, 600], [64, 28, 28], [3, 4, 5, 6, 7]]) {
    const tensor = tf.zeros(shape);
    const text = inspect(tensor);
    assert.ok(text.split('\n').length <= 30, text);
    assert.match(text, new RegExp(`shape: \\[${shape.join()}\\]\n.*the first values`));
    tensor.dispose();
  }
  assert.equal(tf.memory().numTensors, numTensors);
});

test('one that was disposed says so', () => {
  const tensor = tf.zeros([2, 3]);
  tensor.dispose();
  assert.match(inspect(tensor), /shape: \[2,3\]\n {2}disposed: its memory was freed$/);
  assert.equal(inspect([tensor]), '[ Tensor float32 [2,3], disposed: its memory was freed ]');
});

test('while a function is traced it has no values, and printing it changes nothing', () => {
  const texts: string[] = [];
  const twice = (x: tf.Tensor) => tf.mul(x, 2);
  const quiet = compile(twice);
  const printing = compile((x: tf.Tensor) => {
    texts.push(inspect(x), inspect({ x }));
    return twice(x);
  });
  const big = tf.ones([1000, 1000]);
  assert.equal(tf.max(printing(big)).dataSync()[0], 2);
  quiet(big);
  assert.equal(texts.length, 4); // it is traced twice
  for (const text of texts) assert.match(text, /symbolic: no values while a function is traced/);
  assert.deepEqual(printing.inspect()[0].operations, quiet.inspect()[0].operations);
});

test('in a gradient it can be printed, too', () => {
  const texts: string[] = [];
  const gradient = tf.grad(x => {
    texts.push(inspect(x));
    return tf.sum(tf.square(x));
  });
  assert.deepEqual([...gradient(tf.tensor1d([1, 2])).dataSync()], [2, 4]);
  gradient(tf.ones([1000, 1000]));
  assert.match(texts[0], /\[1, 2\]$/);
  assert.match(texts[1], /the first values, \[8,8\]/);
});
