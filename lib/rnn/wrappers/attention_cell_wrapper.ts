import { UserError } from '../../base/errors';
import type { Random } from '../../base/random';
import { defaultsOf, withDefaults } from '../../settings/defaults';
import { integer } from '../../settings/setting_types';
import { flatten } from '../../tfjs/structure';
import { tf } from '../../tfjs/tensorflow';
import { BaseCell } from '../base_cell';
import type { RNNCell, State, StateSize, Step } from '../cell';
import { checkCell } from '../checks';
import { glorotVariable } from '../layers/initializers';
import { Linear } from '../layers/linear';
import { inference, type Pass } from '../pass';
import { wrapperKind } from './wrapper_kind';

/** Options of an `AttentionCellWrapper`. */
export interface AttentionOptions {
  /** L, how many past outputs are attended to. Default 10. */
  attnLength?: number;
  /** S, width of the output and of what is attended to. Default 0: the cell's output size. */
  attnSize?: number;
  /** V, width in which they are compared. Default 0: S. */
  attnVecSize?: number;
  /** Width of what the cell gets. Default 0: that of the wrapper's own input. */
  inputSize?: number;
}

/** The state of an `AttentionCellWrapper`. */
export type AttentionState<S extends State> = { cell: S; attention: tf.Tensor2D; window: tf.Tensor2D };

type Weights<S extends State> = {
  readonly cell: RNNCell<S>;
  readonly input: Linear;
  readonly attention: Linear;
  readonly output: Linear;
  readonly window: { readonly kernel: tf.Variable<tf.Rank.R2>; readonly vector: tf.Variable<tf.Rank.R1> };
};

/**
 * Attention over the last L outputs (Bahdanau et al. 2015; Cheng et al. 2016; AttentionCellWrapper of
 * tensorflow/contrib/rnn/python/ops/rnn_cell.py):
 *
 *     y, s' = cell([x, a]·W1 + b1, s);   q = the parts of s' side by side
 *     e_j = Σ_k v_k·tanh((A_j·K)_k + (q·W3 + b3)_k);   α = softmax(e);   a' = Σ_j α_j·A_j
 *     out = [y, a']·W2 + b2;   A' = A_2 … A_L, out
 *
 * The cell's input [x, a]·W1 + b1 has the width inputSize. State: cell s, attention a [batch, S], window A [batch, L·S], all 0 at first; empty rows are attended to as well.
 * Initial values: kernels and v glorot uniform, biases 0.
 */
export class AttentionCellWrapper<S extends State> extends BaseCell<AttentionState<S>, Weights<S>> {
  private readonly options: Required<AttentionOptions>;
  private readonly length: number;

  constructor(
    private readonly cell: RNNCell<S>,
    options: AttentionOptions = {},
  ) {
    super();
    checkCell('AttentionCellWrapper', cell);
    this.options = withDefaults(defaults, options);
    const { attnLength, attnSize, attnVecSize, inputSize } = this.options;
    this.length = atLeast(1, 'attnLength', attnLength, '1 attends to the last output alone');
    atLeast(0, 'attnSize', attnSize, "0 takes the cell's output size");
    atLeast(0, 'attnVecSize', attnVecSize, '0 takes attnSize');
    atLeast(0, 'inputSize', inputSize, "0 takes the width of the wrapper's input");
  }

  get outputSize(): number {
    return this.options.attnSize || this.cell.outputSize;
  }

  get stateSize(): StateSize | undefined {
    const { stateSize: cell } = this.cell;
    if (cell === undefined) return undefined;
    return { cell, attention: this.outputSize, window: this.length * this.outputSize };
  }

  protected createWeights(inputSize: number, random: Random): Weights<S> {
    const cellInputSize = this.options.inputSize || inputSize;
    const cell = this.cell.build(cellInputSize, random.fork('cell'));
    const size = this.outputSize;
    const vec = this.options.attnVecSize || size;
    const querySize = tf.tidy(() =>
      leaves(this.cell.zeroState(1)).reduce<number>((sum, leaf) => sum + leaf.shape[1], 0),
    );
    return {
      cell,
      input: new Linear(inputSize + size, cellInputSize, random.fork('input')),
      attention: new Linear(querySize, vec, random.fork('attention')),
      output: new Linear(cell.outputSize + size, size, random.fork('output')),
      window: {
        kernel: glorotVariable([size, vec], random.fork('kernel')),
        vector: glorotVariable([vec], random.fork('vector')),
      },
    };
  }

  override zeroState(batchSize: number): AttentionState<S> {
    const size = this.outputSize;
    return {
      cell: this.cell.zeroState(batchSize),
      attention: tf.zeros([batchSize, size]),
      window: tf.zeros([batchSize, this.length * size]),
    };
  }

  call(x: tf.Tensor2D, state: AttentionState<S>, pass: Pass = inference): Step<AttentionState<S>> {
    const weights = this.weightsFor(x, state);
    const { cell, input, attention, output } = weights;
    const { kernel, vector } = weights.window;
    const [batch, size, length] = [x.shape[0], this.outputSize, this.length];
    const step = cell.call(input.call(tf.concat([x, state.attention], 1)), state.cell, pass);
    const query = attention.call(tf.concat(leaves(step.state), 1));
    const rows = tf.reshape<tf.Rank.R2>(state.window, [batch * length, size]);
    const keys = tf.reshape(tf.matMul(rows, kernel as tf.Tensor2D), [batch, length, -1]); // one product for all rows
    const scores = tf.sum(tf.mul(tf.tanh(tf.add(keys, tf.expandDims(query, 1))), vector), 2);
    const window3 = tf.reshape(state.window, [batch, length, size]);
    const attended = tf.sum<tf.Tensor2D>(tf.mul(tf.expandDims(tf.softmax(scores), 2), window3), 1);
    const out = output.call(tf.concat([step.output, attended], 1));
    const window = length === 1 ? out : tf.concat([tf.slice(state.window, [0, size]), out], 1);
    return { ...step, output: out, state: { cell: step.state, attention: attended, window } };
  }
}

function atLeast(minimum: number, name: string, size: number, advice: string): number {
  if (!Number.isInteger(size) || size < minimum) {
    throw new UserError(`Expected ${name} to be an integer of at least ${minimum}, found ${size}: ${advice}`);
  }
  return size;
}

/** The tensors of a state, in the order in which the cell names them. */
const leaves = (state: State) => flatten(state, 'the state').tensors as tf.Tensor2D[];

const settings = {
  attnLength: integer(1, 4096, 10, { description: 'how many past outputs are attended to' }),
  attnSize: integer(0, 4096, 0, { description: "width of the output; 0: the cell's own" }),
  attnVecSize: integer(0, 4096, 0, { description: 'width of the comparison; 0: attnSize' }),
  inputSize: integer(0, 4096, 0, { description: "width of the cell's input; 0: the input's own" }),
};
const defaults: Required<AttentionOptions> = defaultsOf(settings);

export const attentionKind = wrapperKind(
  'attention',
  settings,
  (chosen, cell) => new AttentionCellWrapper(cell, chosen),
);
