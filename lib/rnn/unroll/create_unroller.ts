import { countOperations } from '../../tfjs/node_backend';
import { tf } from '../../tfjs/tensorflow';
import { flatten } from '../../tfjs/structure';
import type { RNNCell } from '../cell';
import { ChunkedRnn } from './chunked_rnn';
import { dynamicRnn } from './dynamic_rnn';
import { inference } from '../pass';
import { scanRnn } from './scanned_rnn';
import type { Unroller } from './unroller';

/** Options of `createUnroller`. */
export interface UnrollerOptions {
  /** Time steps of a sequence. */
  numSteps: number;
  /** Sequences that are read in one graph: two, where one cell reads forward and another backward. Default 1. */
  numReaders?: number;
  /** Time steps that a gradient goes back at most; 0, the default, goes back to the start. */
  truncation?: number;
  /** Whether only the last output is wanted. Default false. */
  onlyLast?: boolean;
}

/**
 * In TensorFlow's operations, with those of the gradient. Up to the first a graph of all time steps is as quick to run
 * as anything, and quick enough to build: a second for each thousand operations. Beyond it a loop of one time step is
 * built in seconds, and takes about as long to run. Beyond the second it keeps more for the backward pass, or has more to
 * compute again, than chunks. Measured on 28, 60, 196 and 784 time steps of GRU, LSTM and layer-norm LSTM.
 */
const largestGraph = 12_000;
const largestLoop = 120_000;
/** Where the cell does not say how wide its inputs are, it is taken for a GRU. */
const usualOperations = 50;

/**
 * Choose how to unroll: time step by time step or as a loop within the graph of whoever calls it; or in chunks, graphs
 * of their own, where the sequence is too long for that or the gradient is truncated. The numbers are the same, but for
 * the truncation.
 * @param cell a built cell
 */
export function createUnroller(cell: RNNCell, options: UnrollerOptions): Unroller {
  const { numSteps, numReaders = 1, truncation = 0, onlyLast = false } = options;
  const truncate = truncation > 0 && truncation < numSteps;
  const ofStep = numReaders * operationsOf(cell);
  const isLong = (steps: number) => steps * ofStep > largestGraph;
  if (truncate || numSteps * ofStep > largestLoop) {
    const stepsPerChunk = truncate ? truncation : Math.max(1, Math.floor(largestLoop / 2 / ofStep));
    return new ChunkedRnn(cell, { stepsPerChunk, truncate, onlyLast, asLoop: isLong(stepsPerChunk) });
  }
  return {
    unroll(inputs, pass) {
      if (isLong(numSteps)) return scanRnn(cell, inputs, pass, undefined, onlyLast);
      const { outputs, lastState } = dynamicRnn(cell, inputs, pass);
      return { outputs: onlyLast ? outputs.slice(-1) : outputs, lastState };
    },
    inChunks: false,
    dispose: () => undefined,
  };
}

/** Of one time step and its gradient. */
function operationsOf(cell: RNNCell): number {
  const { inputSize } = cell;
  if (inputSize === undefined) return usualOperations;
  return tf.tidy(() => {
    const x = tf.zeros<tf.Rank.R2>([1, inputSize], cell.inputType);
    const state = cell.zeroState(1);
    const { tensors } = flatten(state, 'the state');
    const total = () => {
      const step = cell.call(x, state, inference);
      const results = [step.output, ...flatten(step.state, 'the state').tensors];
      return tf.addN(results.map(each => tf.sum(each)));
    };
    const sources = [...new Set(Object.values(cell.variables)), ...tensors];
    return countOperations(() => tf.engine().gradients(total, sources, undefined, true));
  });
}
