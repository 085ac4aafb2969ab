import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile } from '../../../lib/compile/compile';
import { range } from '../../../lib/base/range';
import { tf } from '../../../lib/tfjs/tensorflow';
import { assertClose } from '../../support/assert_close';

const seeded = (rows: number, columns: number, seed: number) =>
  tf.randomUniform<tf.Rank.R2>([rows, columns], -1, 1, 'float32', seed);
const a = range(4).map(i => seeded(3 + i, 5, i)); // of different heights
const b = range(4).map(i => seeded(3 + i, 2, 10 + i));

/** The result is that of the function itself; returns how many matrix products the graph has. */
function productsOf(
  fn: (a: tf.Tensor2D[], b: tf.Tensor2D[]) => tf.Tensor | tf.Tensor[],
  left = a,
  right = b,
): number {
  const compiled = compile(fn);
  const [actual, expected] = [compiled(left, right), tf.tidy(() => fn(left, right))].map(result =>
    [result].flat(),
  );
  actual.forEach((tensor, i) => assertClose(tensor, expected[i], 1e-5));
  return compiled.inspect()[0].operations.BatchMatMulV2;
}

const products = (a: tf.Tensor2D[], b: tf.Tensor2D[]) =>
  a.map((each, i) => tf.matMul(each, b[i], true, false));
const sum = (terms: tf.Tensor[]) => terms.reduce((total, term) => tf.add(total, term));

describe('a sum of products is one product', () => {
  test('of all terms, in a chain or in a tree', () => {
    assert.equal(
      productsOf((a, b) => sum(products(a, b))),
      1,
    );
    const tree = (a: tf.Tensor2D[], b: tf.Tensor2D[]) => {
      const [p, q, r, s] = products(a, b);
      return tf.add(tf.add(p, q), tf.add(r, s));
    };
    assert.equal(productsOf(tree), 1);
  });

  test('of many terms, a few at a time', () => {
    const [left, right] = [range(70).map(i => seeded(2, 5, i)), range(70).map(i => seeded(2, 2, 100 + i))];
    const total = (a: tf.Tensor2D[], b: tf.Tensor2D[]) => sum(products(a, b));
    assert.equal(productsOf(total, left, right), 3);
  });

  test('with other terms in it', () => {
    const withOthers = (a: tf.Tensor2D[], b: tf.Tensor2D[]) =>
      sum([tf.ones([5, 2]), ...products(a, b), tf.matMul(tf.ones([5, 2]), tf.ones([2, 2]))]);
    assert.equal(productsOf(withOthers), 2);
  });

  test('but for those that are needed by themselves', () => {
    const withOne = (a: tf.Tensor2D[], b: tf.Tensor2D[]) => {
      const all = products(a, b);
      return [sum(all), tf.neg(all[1])];
    };
    assert.equal(productsOf(withOne), 2);
    const withSubtotal = (a: tf.Tensor2D[], b: tf.Tensor2D[]) => {
      const [p, q, r, s] = products(a, b);
      const subtotal = tf.add(p, q);
      return [subtotal, sum([subtotal, r, s])];
    };
    assert.equal(productsOf(withSubtotal), 2);
  });

  test('the gradient of a weight that is used at every step', () => {
    const weight = tf.variable(seeded(5, 2, 20));
    const gradient = (a: tf.Tensor2D[]) => {
      const loss = () =>
        tf.sum<tf.Scalar>(tf.square(sum(a.map(x => tf.sum(tf.matMul(x, weight as tf.Tensor2D))))));
      return Object.values(tf.variableGrads(loss, [weight]).grads);
    };
    assert.equal(productsOf(gradient), a.length + 1);
    weight.dispose();
  });

  test('other forms of products and of sums stay what they are', () => {
    assert.equal(
      productsOf(a => sum(a.map(x => tf.sum(tf.matMul(x, x, true, false))))),
      4,
    ); // of scalars
    const straight = (a: tf.Tensor2D[], b: tf.Tensor2D[]) =>
      sum(a.map((x, i) => tf.matMul(tf.transpose<tf.Tensor2D>(x), b[i])));
    assert.equal(productsOf(straight), 4);
  });
});
