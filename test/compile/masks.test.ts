/** A layer of tf.layers leaves a mask on what it gives, for the next layer: in a graph as well. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../lib/compile/compile';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';

const embedding = tf.layers.embedding({ inputDim: 9, outputDim: 3, maskZero: true });
const words = [
  [1, 5, 0, 0],
  [2, 3, 8, 0],
].map(each => tf.tensor2d([each]));
const embed = (indices: tf.Tensor) => embedding.apply(indices) as tf.Tensor;
const meanOfWords = (x: tf.Tensor) => {
  const weight = tf.expandDims(tf.cast(x.kerasMask ?? tf.ones(x.shape.slice(0, 2)), 'float32'), -1);
  return tf.div(tf.sum(tf.mul(x, weight), 1), tf.sum(weight, 1));
};
embed(words[0]); // makes the weights

test('of a result and of an argument, at each call', async () => {
  const [embedCompiled, meanCompiled] = [compile(embed), compile(meanOfWords)];
  for (const each of words) {
    const embedded = embedCompiled(each);
    assertClose(embedded.kerasMask!, embed(each).kerasMask!, 0);
    assertClose(meanCompiled(embedded), meanOfWords(embed(each)), 1e-6);
  }
  const plain = tf.clone(embed(words[0])); // without a mask
  assertClose(meanCompiled(plain), meanOfWords(plain), 1e-6);
  assert.equal(meanCompiled.inspect().length, 2, 'a graph with a mask and one without');
  await assertNoLeak(() => {
    const embedded = embedCompiled(words[0]);
    tf.dispose([meanCompiled(embedded), embedded]);
  });
});
