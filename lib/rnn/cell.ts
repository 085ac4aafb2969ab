import type { Random } from '../base/random';
import type { Nested } from '../tfjs/structure';
import type { tf } from '../tfjs/tensorflow';
import type { Pass } from './pass';

/** What a cell remembers between two time steps: one tensor, or lists and records of them. */
export type State = Nested<tf.Tensor2D>;

/** Width of each tensor of a state, nested as the state is: `200`, or `{ c: 200, h: 200 }`. */
export type StateSize = Nested<number>;

/** Weights by name: `cell_0/gates/kernel`. */
export type Variables = Readonly<Record<string, tf.Variable>>;

/**
 * The gates and candidates of a time step, [batch, width] each, named and nested as the cell's equations have them:
 * `{ r, u, c }`, or a list of such with one for each block. Each as it acts: after its sigmoid or tanh.
 */
export type Gates = Nested<tf.Tensor2D>;

/** The gate that says how much of its old state each unit keeps, by its name among the cell's gates. */
export interface KeepGate {
  readonly gate: string;
  /** What an open gate, 1, does with the old state: keep all of it, or replace all of it. */
  readonly open: 'keeps' | 'replaces';
}

/** What a time step gives. */
export interface Step<S extends State> {
  /** [batch, outputSize] */
  output: tf.Tensor2D;
  /** The state after it. */
  state: S;
  /** What the state was computed by. A step that is one of TensorFlow's kernels has them only if `pass.gates` asks. */
  gates?: Gates;
}

/** A recurrent cell: the equations of one time step. `BaseCell` does what all cells with weights have in common. */
export interface RNNCell<S extends State = State> {
  /** Width of the output, in units. */
  readonly outputSize: number;
  /** Features per time step that the cell was built for; undefined before `build`, or where the cell does not say. */
  readonly inputSize?: number;
  /** Of its inputs. Default 'float32'. */
  readonly inputType?: 'int32';
  /** Width of each tensor of the state; undefined where the cell does not say. */
  readonly stateSize?: StateSize;
  /** Whether a time step is one kernel of TensorFlow: then longer sequences can be one graph. Default false. */
  readonly fused?: boolean;
  /** Undefined for a cell that has no such gate. */
  readonly keepGate?: KeepGate;
  /** Empty until `build` was called. */
  readonly variables: Variables;
  /**
   * Draw the initial weights.
   * @param inputSize features per time step
   * @returns the cell itself, so that calls can be chained
   */
  build(inputSize: number, random: Random): this;
  /** The state before the first time step: all zero, [batchSize, width] each. */
  zeroState(batchSize: number): S;
  /**
   * One time step.
   * @param inputs [batch, inputSize]
   * @returns output [batch, outputSize], the state after it, and the gates where the cell has some
   */
  call(inputs: tf.Tensor2D, state: S, pass: Pass): Step<S>;
}
