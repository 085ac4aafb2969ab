import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  createUnroller,
  DropoutWrapper,
  GRUCell,
  LSTMCell,
  MinimalGatedUnitCell,
  MultiRNNCell,
  ZoneoutWrapper,
  type RNNCell,
} from '../../lib/rnn';

const gru = new MultiRNNCell([new DropoutWrapper(new GRUCell(2), { outputKeepProb: 0.5 })]);
const mgu = new MinimalGatedUnitCell(2);

const cases: { what: string; cell: RNNCell; numSteps: number; numLayers?: number; inChunks: boolean }[] = [
  { what: 'the rows of an image', cell: mgu, numSteps: 28, numLayers: 3, inChunks: false },
  { what: 'the pixels of an image', cell: mgu, numSteps: 784, inChunks: true },
  { what: 'pixels by a cell that is one kernel', cell: gru, numSteps: 784, inChunks: false },
  { what: 'pixels by three layers of it', cell: gru, numSteps: 784, numLayers: 3, inChunks: true },
  { what: 'pixels by its equations', cell: new LSTMCell(2, { fused: false }), numSteps: 784, inChunks: true },
  { what: 'pixels in a wrapper', cell: new ZoneoutWrapper(new GRUCell(2)), numSteps: 784, inChunks: true },
];

describe('createUnroller', () => {
  for (const { what, cell, inChunks, ...options } of cases) {
    test(`reads ${what} ${inChunks ? 'in chunks' : 'in one graph'}`, () => {
      assert.equal(createUnroller(cell, options).inChunks, inChunks);
    });
  }

  test('reads in chunks where the gradient is truncated, and only there', () => {
    assert.equal(createUnroller(mgu, { numSteps: 28, truncation: 7 }).inChunks, true);
    assert.equal(createUnroller(mgu, { numSteps: 28, truncation: 28 }).inChunks, false);
  });
});
