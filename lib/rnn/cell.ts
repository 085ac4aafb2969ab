import type { Random } from '../random';
import type { tf } from '../tensorflow';
import type { Pass } from './pass';

/** What a cell remembers between two time steps: one tensor, or lists and records of them. */
export type State = tf.Tensor2D | readonly State[] | { readonly [part: string]: State };

/** Weights by name; wrappers put their own name in front: `cell_0/gates/kernel`. */
export type Variables = Readonly<Record<string, tf.Variable>>;

/**
 * A recurrent cell: the equations of one time step. A new cell is one file that implements this.
 */
export interface RNNCell<S extends State = State> {
  /** Width of the output, in units. */
  readonly outputSize: number;
  /** Whether a time step is one kernel of TensorFlow: then longer sequences can be one graph. Default false. */
  readonly fused?: boolean;
  /** Empty until `build` was called. */
  readonly variables: Variables;
  /**
   * Draw the initial weights.
   * @param inputSize features per time step
   * @returns the cell itself, so that calls can be chained
   */
  build(inputSize: number, random: Random): this;
  /** The state before the first time step: all zero. */
  zeroState(batchSize: number): S;
  /**
   * One time step.
   * @param inputs [batch, inputSize]
   * @returns output [batch, outputSize] and the state after it
   */
  call(inputs: tf.Tensor2D, state: S, pass: Pass): { output: tf.Tensor2D; state: S };
}

/** `{ kernel }` under the name `gates` becomes `{ 'gates/kernel' }`. */
export function prefixed(name: string, variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).map(([key, variable]) => [`${name}/${key}`, variable]));
}
