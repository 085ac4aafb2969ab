import type { tf } from '../../tfjs/tensorflow';
import { readBothWays } from './bidirectional_rnn';
import type { RNNCell, Variables } from '../cell';
import type { Pass } from '../pass';
import { variablesOf } from '../weights';
import { createUnroller, type UnrollerOptions } from './create_unroller';

/** The recurrent part of a network: what reads the sequence, in one direction or in both. */
export interface Reader {
  /** Width of an output, in units. */
  readonly outputSize: number;
  readonly variables: Variables;
  /**
   * @param inputs a list with one [batch, features] for each time step
   * @returns outputs: one [batch, outputSize] for each time step, or only the last where `onlyLast` was asked for;
   * lastOutput: [batch, outputSize], after everything was read
   */
  read(
    inputs: readonly tf.Tensor2D[],
    pass: Pass,
  ): { outputs: readonly tf.Tensor2D[]; lastOutput: tf.Tensor2D };
  /** Whether it makes graphs of its own: a function that uses it is not to be compiled. */
  readonly inChunks: boolean;
  /** Free those graphs. */
  dispose(): void;
}

/** @param cell a built cell, which reads from the first time step to the last */
export function forwardReader(cell: RNNCell, options: UnrollerOptions): Reader {
  const unroller = createUnroller(cell, options);
  return {
    outputSize: cell.outputSize,
    variables: cell.variables,
    read(inputs, pass) {
      const { outputs } = unroller.unroll(inputs, pass);
      return { outputs, lastOutput: outputs[outputs.length - 1] };
    },
    inChunks: unroller.inChunks,
    dispose: () => unroller.dispose(),
  };
}

/** @param forward a built cell; @param backward another, which reads from the last time step to the first */
export function bidirectionalReader(forward: RNNCell, backward: RNNCell, options: UnrollerOptions): Reader {
  const numReaders = 2; // both directions stand in one graph
  const [there, back] = [forward, backward].map(cell => createUnroller(cell, { ...options, numReaders }));
  return {
    outputSize: forward.outputSize + backward.outputSize,
    variables: variablesOf({ forward, backward }),
    read: (inputs, pass) =>
      readBothWays(
        (sequence, itsPass) => there.unroll(sequence, itsPass),
        (sequence, itsPass) => back.unroll(sequence, itsPass),
        inputs,
        pass,
      ),
    inChunks: there.inChunks || back.inChunks,
    dispose: () => [there, back].forEach(unroller => unroller.dispose()),
  };
}
