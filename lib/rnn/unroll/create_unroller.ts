import type { RNNCell } from '../cell';
import { ChunkedRnn } from './chunked_rnn';
import { dynamicRnn } from './dynamic_rnn';
import type { Unroller } from './unroller';

/** Options of `createUnroller`. */
export interface UnrollerOptions {
  /** Time steps of a sequence. */
  numSteps: number;
  /** Cells on top of each other. Default 1. */
  numLayers?: number;
  /** Time steps that a gradient goes back at most; 0, the default, goes back to the start. */
  truncation?: number;
  /** Whether only the last output is wanted. Default false. */
  onlyLast?: boolean;
}

// In steps of one layer. A larger graph is slower to build (seconds) and keeps more in memory than it saves in time:
// measured on 784 steps, whole and in chunks of 28, 56 and 112.
const largestGraph = 240;
const chunk = 60;
/** A step that is one kernel, beside one of many operations. */
const fusedCost = 1 / 4;

/**
 * Choose how to unroll: as part of the graph of whoever calls it, or in chunks where the sequence is too long for that
 * or the gradient is truncated. The numbers are the same, but for the truncation.
 * @param cell a built cell
 */
export function createUnroller(cell: RNNCell, options: UnrollerOptions): Unroller {
  const { numSteps, numLayers = 1, truncation = 0, onlyLast = false } = options;
  const cost = numLayers * (cell.fused ? fusedCost : 1);
  if (truncation > 0 && truncation < numSteps) {
    return new ChunkedRnn(cell, { stepsPerChunk: truncation, truncate: true, onlyLast });
  }
  if (numSteps * cost > largestGraph) {
    return new ChunkedRnn(cell, { stepsPerChunk: Math.max(1, Math.floor(chunk / cost)), onlyLast });
  }
  return {
    unroll(inputs, pass) {
      const { outputs, lastState } = dynamicRnn(cell, inputs, pass);
      return { outputs: onlyLast ? outputs.slice(-1) : outputs, lastState };
    },
    inChunks: false,
    dispose: () => undefined,
  };
}
