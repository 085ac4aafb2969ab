import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile, tf } from '../../lib/compile';
import { createRandom } from '../../lib/base/random';
import {
  createUnroller,
  DropoutWrapper,
  GRUCell,
  inference,
  LayerNormBasicLSTMCell,
  MinimalGatedUnitCell,
  MultiRNNCell,
  type RNNCell,
} from '../../lib/rnn';

const random = createRandom(0);
const gru = () => new DropoutWrapper(new GRUCell(2), { outputKeepProb: 0.5 });
const layers = (create: () => RNNCell, count: number) =>
  new MultiRNNCell(Array.from({ length: count }, create)).build(3, random);
const mgu = layers(() => new MinimalGatedUnitCell(2), 1);

type Way = 'whole' | 'loop' | 'chunks';
const cases: { what: string; cell: RNNCell; numSteps: number; way: Way }[] = [
  {
    what: 'the rows of an image',
    cell: layers(() => new MinimalGatedUnitCell(2), 3),
    numSteps: 28,
    way: 'whole',
  },
  { what: 'the pixels of an image', cell: mgu, numSteps: 784, way: 'loop' },
  {
    what: 'rows by many operations',
    cell: layers(() => new LayerNormBasicLSTMCell(2), 1),
    numSteps: 56,
    way: 'loop',
  },
  {
    what: 'rows by more of them',
    cell: layers(() => new LayerNormBasicLSTMCell(2), 1),
    numSteps: 784,
    way: 'chunks',
  },
  { what: 'pixels by a cell that is one kernel', cell: layers(gru, 1), numSteps: 600, way: 'whole' },
  { what: 'pixels by three layers of it', cell: layers(gru, 3), numSteps: 784, way: 'loop' },
];

describe('createUnroller', () => {
  for (const { what, cell, way, numSteps } of cases) {
    test(`reads ${what}: ${way}`, () => {
      const unroller = createUnroller(cell, { numSteps });
      assert.equal(unroller.inChunks, way === 'chunks');
      if (way === 'chunks') return;
      // A loop is there whatever the number of steps that it is then used for.
      const read = compile((x: tf.Tensor2D) => unroller.unroll([x, x], inference).outputs);
      tf.dispose(read(tf.zeros([1, 3])));
      assert.equal('LoopCond' in read.inspect()[0].operations, way === 'loop');
      read.dispose();
    });
  }

  test('reads in chunks where the gradient is truncated, and only there', () => {
    assert.equal(createUnroller(mgu, { numSteps: 28, truncation: 7 }).inChunks, true);
    assert.equal(createUnroller(mgu, { numSteps: 28, truncation: 28 }).inChunks, false);
  });
});
