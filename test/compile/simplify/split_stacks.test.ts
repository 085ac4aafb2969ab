import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile } from '../../../lib/compile/compile';
import { range } from '../../../lib/base/range';
import { tf } from '../../../lib/tfjs/tensorflow';
import { assertClose } from '../../support/assert_close';

const seeded = (rows: number, columns: number, seed: number) =>
  tf.randomUniform<tf.Rank.R2>([rows, columns], -1, 1, 'float32', seed);
const list = (columns: number, seed: number) => range(4).map(i => seeded(3 + i, columns, seed + i));
const [x, h, dy] = [list(5, 0), list(2, 10), list(3, 20)];

type Step = (x: tf.Tensor2D, h: tf.Tensor2D, dy: tf.Tensor2D, i: number) => tf.Tensor2D;

/** The sum over the steps; the result is that of the function itself. @returns how often each operation occurs */
function operationsOf(step: Step, alsoReturn: (x: tf.Tensor2D, h: tf.Tensor2D) => tf.Tensor[] = () => []) {
  const fn = (x: tf.Tensor2D[], h: tf.Tensor2D[], dy: tf.Tensor2D[]) => {
    const terms = x.map((each, i): tf.Tensor => step(each, h[i], dy[i], i));
    return [terms.reduce((total, term) => tf.add(total, term)), ...alsoReturn(x[0], h[0])];
  };
  const compiled = compile(fn);
  const [actual, expected] = [compiled(x, h, dy), tf.tidy(() => fn(x, h, dy))];
  actual.forEach((tensor, i) => assertClose(tensor, expected[i], 1e-5));
  return compiled.inspect()[0].operations;
}

const gradient: Step = (x, h, dy) => tf.matMul(tf.concat([x, h], 1), dy, true, false);

describe('rows that are put together from parts are multiplied by parts', () => {
  test('of two and of three parts: one stack and one product for each, and the results over each other', () => {
    const two = operationsOf(gradient);
    assert.deepEqual([two.BatchMatMulV2, two.ConcatV2], [2, 4]); // stacks of x, of h, of dy; the results
    const three = operationsOf((x, h, dy) => tf.matMul(tf.concat([x, h, tf.neg(x)], 1), dy, true, false));
    assert.deepEqual([three.BatchMatMulV2, three.ConcatV2], [3, 5]);
    // What is there twice is multiplied once.
    const twice = operationsOf((x, h, dy) => tf.matMul(tf.concat([x, h, x], 1), dy, true, false));
    assert.deepEqual([twice.BatchMatMulV2, twice.ConcatV2], [2, 4]);
  });

  test('not if something else reads the rows', () => {
    const { BatchMatMulV2: products } = operationsOf((x, h, dy) => {
      const both = tf.concat([x, h], 1);
      return tf.matMul(tf.mul(both, tf.sum(both)), dy, true, false);
    });
    assert.equal(products, 1);
    const { BatchMatMulV2: shared } = operationsOf((x, h, dy) => {
      const both = tf.concat([x, h], 1);
      return tf.matMul(both, tf.mul(dy, tf.sum(both)), true, false);
    });
    assert.equal(shared, 1);
  });

  test('not if the parts are of other widths at some step', () => {
    const { BatchMatMulV2: products } = operationsOf((x, h, dy, i) =>
      tf.matMul(tf.concat(i ? [x, h] : [h, x], 1), dy, true, false),
    );
    assert.equal(products, 1);
  });

  test('not if the rows are no concatenation at some step', () => {
    const { BatchMatMulV2: products } = operationsOf((x, h, dy, i) =>
      tf.matMul(i ? tf.concat([x, h], 1) : tf.pad(x, [[0, 0], [0, 2]]), dy, true, false),
    ); // prettier-ignore
    assert.equal(products, 1);
  });
});
