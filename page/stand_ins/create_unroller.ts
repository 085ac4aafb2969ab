/** For lib/rnn/unroll/create_unroller in a browser: no TensorFlow graphs are made there, whatever a sequence's length. */
import type { RNNCell } from '../../lib/rnn/cell';
import { dynamicRnn } from '../../lib/rnn/unroll/dynamic_rnn';
import type { Unroller } from '../../lib/rnn/unroll/unroller';

export const createUnroller = (cell: RNNCell): Unroller => ({
  unroll: (inputs, pass) => dynamicRnn(cell, inputs, pass),
  inChunks: false,
  dispose() {},
});
