/** The grids of plain and of GRU cells: tensorflow/contrib/grid_rnn/python/ops/grid_rnn_cell.py. */
import type { Random } from '../../../base/random';
import { tf } from '../../../tfjs/tensorflow';
import { BasicRNNCell } from '../basic_rnn_cell';
import { BaseCell } from '../../base_cell';
import type { State, Step } from '../../cell';
import { cellKind } from '../cell_kind';
import { checkStep } from '../../checks';
import { sideBySide } from '../../side_by_side';
import { GridCell } from './grid_cell';
import { gridSettings, type GridDimensions, type GridOptions } from './grid_dimensions';
import { GRUCell } from '../gru_cell';
import { inference, type Pass } from '../../pass';
import { InputToState } from './input_to_state';

/** Of each dimension, h [batch, units]; of dimension 1 alone where dimension 0 is not recurrent. */
export type Grid2State = readonly tf.Tensor2D[];

type Grid1Weights = { readonly project: InputToState; readonly rnn: BasicRNNCell };

/**
 * The plain cell in a grid of one dimension (Grid1BasicRNNCell): the projected input takes the place of the state.
 *
 *     h0 = x·P_m,   h' = tanh(h0·W + b)
 *
 * So nothing is remembered, as in Grid1LSTMCell. State: h [batch, units], written and never read; the output is h'.
 * Initial values: P_m [inputSize, units] and W glorot uniform, b 0.
 */
export class Grid1BasicRNNCell extends BaseCell<tf.Tensor2D, Grid1Weights> {
  readonly outputSize: number;
  readonly stateSize: number;
  private readonly rnn: BasicRNNCell;

  constructor(units: number) {
    super();
    this.rnn = new BasicRNNCell(units);
    this.outputSize = this.stateSize = units;
  }

  protected createWeights(inputSize: number, random: Random): Grid1Weights {
    return {
      project: new InputToState(inputSize, this.outputSize, random.fork('project'), { memory: false }),
      rnn: this.rnn.build(0, random.fork('rnn')),
    };
  }

  /** @param h never read; it may be left out */
  call(x: tf.Tensor2D, h?: State): Step<tf.Tensor2D> {
    const { project, rnn } = this.weights;
    checkStep('Grid1BasicRNNCell', h === undefined ? { inputSize: this.inputSize } : this, x, h);
    return rnn.call(tf.zeros([x.shape[0], 0]), project.h(x));
  }
}

type Inner = BasicRNNCell | GRUCell;

/** One time step of either. */
function propagate(
  x: tf.Tensor2D,
  state: Grid2State,
  { project, cells: [cell0, cell1], nonRecurrent }: GridDimensions<Inner>,
  pass: Pass = inference,
): Step<Grid2State> {
  const h0 = project.h(x); // dimension 0 starts from the input
  const dimension1 = cell1.call(h0, state[state.length - 1], pass); // dimension 1, time, goes first
  const h1 = dimension1.output;
  if (nonRecurrent) return { output: nonRecurrent([h0, h1]), ...sideBySide([dimension1]) };
  const dimension0 = cell0.call(h0, h1, pass); // dimension 0 has priority: it sees the new h1
  return { output: dimension0.output, ...sideBySide([dimension0, dimension1]) };
}

/**
 * The plain cell in a grid of two dimensions (Kalchbrenner et al. 2015; Grid2BasicRNNCell):
 *
 *     h0 = x·P_m
 *     h1' = tanh([h0, h1]·W_1 + b_1)       dimension 1, time, goes first
 *     h0' = tanh([h0, h1']·W_0 + b_0)      dimension 0 has priority: it sees the new h1'
 *
 * The output is h0'. State: h [batch, units] of both dimensions; that of dimension 0 is written as in the original and
 * never read. `tied` gives both the same weights. With nonRecurrentFn h0' is fn([h0, h1']·W + b), and has no state.
 * Initial values: each kernel glorot uniform, each bias 0.
 */
export class Grid2BasicRNNCell extends GridCell<Inner, number, Grid2State> {
  constructor(units: number, options: GridOptions = {}) {
    const create = () => new BasicRNNCell(units);
    super({ units, numDimensions: 2, innerName: 'rnn', create, memory: false }, options);
  }

  call(x: tf.Tensor2D, state: Grid2State, pass?: Pass): Step<Grid2State> {
    return propagate(x, state, this.weightsFor(x, state), pass);
  }
}

/**
 * The GRU in a grid of two dimensions (Kalchbrenner et al. 2015; Grid2GRUCell):
 *
 *     h0 = x·P_m
 *     h1' = GRU_1(h0; h1)       dimension 1, time, goes first
 *     h0' = GRU_0(h0; h1')      dimension 0 has priority: it sees the new h1'
 *
 * where GRU(x; h) is a GRUCell's time step: so h0' is between h1' and a candidate, and x comes in through h0 alone. The
 * output is h0'. State, `tied` and nonRecurrentFn: as in Grid2BasicRNNCell. Initial values: P_m glorot uniform, the
 * GRUs' as GRUCell's.
 */
export class Grid2GRUCell extends GridCell<Inner, number, Grid2State> {
  constructor(units: number, { fused, ...options }: GridOptions & { fused?: boolean } = {}) {
    const create = () => new GRUCell(units, { fused });
    super({ units, numDimensions: 2, innerName: 'gru', create, memory: false }, options);
  }

  call(x: tf.Tensor2D, state: Grid2State, pass?: Pass): Step<Grid2State> {
    return propagate(x, state, this.weightsFor(x, state), pass);
  }
}

export const grid1RNNKind = cellKind('grid1Rnn', {}, (_, units) => new Grid1BasicRNNCell(units));

export const grid2RNNKind = cellKind(
  'grid2Rnn',
  gridSettings,
  (settings, units) => new Grid2BasicRNNCell(units, settings),
);

export const grid2GRUKind = cellKind(
  'grid2Gru',
  gridSettings,
  (settings, units) => new Grid2GRUCell(units, settings),
);
