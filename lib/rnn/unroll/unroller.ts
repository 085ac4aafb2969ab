import type { tf } from '../../tfjs/tensorflow';
import type { State } from '../cell';
import type { Pass } from '../pass';

/** A way to read sequences of one length with one cell. */
export interface Unroller {
  /** As `dynamicRnn`; outputs holds only the last output where `onlyLast` was asked for. */
  unroll(inputs: readonly tf.Tensor2D[], pass: Pass): { outputs: tf.Tensor2D[]; lastState: State };
  /** Whether it makes graphs of its own: a function that uses it is not to be compiled. */
  readonly inChunks: boolean;
  /** Free those graphs. */
  dispose(): void;
}
