/** The grids of plain and of GRU cells: tensorflow/contrib/grid_rnn/python/ops/grid_rnn_cell.py. */
import type { Random } from '../../../base/random';
import { tf } from '../../../tfjs/tensorflow';
import { BasicRNNCell } from '../basic_rnn_cell';
import { built } from '../../built';
import { prefixed, type RNNCell, type State, type Variables } from '../../cell';
import { cellKind } from '../cell_kind';
import { checkBuild, checkStep } from '../../checks';
import { GridCell } from './grid_cell';
import { gridSettings, type GridDimensions, type GridOptions } from './grid_dimensions';
import { GRUCell } from '../gru_cell';
import { InputToState } from './input_to_state';
import { zeros } from '../../zeros';

/** Of each dimension, h [batch, units]; of dimension 1 alone where dimension 0 is not recurrent. */
export type Grid2State = readonly tf.Tensor2D[];

/**
 * The plain cell in a grid of one dimension (Grid1BasicRNNCell): the projected input takes the place of the state.
 *
 *     h0 = x·P_m,   h' = tanh(h0·W + b)
 *
 * So nothing is remembered, as in Grid1LSTMCell. State: h [batch, units], written and never read; the output is h'.
 * Initial values: P_m [inputSize, units] and W glorot uniform, b 0.
 */
export class Grid1BasicRNNCell implements RNNCell<tf.Tensor2D> {
  readonly outputSize: number;
  readonly stateSize: number;
  inputSize?: number;
  private readonly rnn: BasicRNNCell;
  private project?: InputToState;

  constructor(units: number) {
    this.rnn = new BasicRNNCell(units);
    this.outputSize = this.stateSize = units;
  }

  get variables(): Variables {
    if (!this.project) return {};
    return { ...prefixed('project', this.project.variables), ...prefixed('rnn', this.rnn.variables) };
  }

  build(inputSize: number, random: Random): this {
    this.inputSize = checkBuild('Grid1BasicRNNCell', inputSize, random);
    this.project = new InputToState(inputSize, this.outputSize, random.fork('project'), { memory: false });
    this.rnn.build(0, random.fork('rnn'));
    return this;
  }

  zeroState(batchSize: number): tf.Tensor2D {
    return zeros(this.stateSize, batchSize);
  }

  /** @param h never read; it may be left out */
  call(x: tf.Tensor2D, h?: State): { output: tf.Tensor2D; state: tf.Tensor2D } {
    const project = built(this.project, 'Grid1BasicRNNCell');
    checkStep('Grid1BasicRNNCell', h === undefined ? { inputSize: this.inputSize } : this, x, h);
    return this.rnn.call(tf.zeros([x.shape[0], 0]), project.h(x));
  }
}

type Inner = BasicRNNCell | GRUCell;

/** One time step of either; the cells are those of the dimensions 0 and 1. */
function propagate(
  h0: tf.Tensor2D,
  state: Grid2State,
  grid: GridDimensions<Inner>,
): { output: tf.Tensor2D; state: Grid2State } {
  const [cell0, cell1] = grid.cells;
  const h1 = cell1.call(h0, state[state.length - 1]).output; // dimension 1, time, goes first
  if (!grid.depthIsRecurrent) return { output: grid.nonRecurrent([h0, h1]), state: [h1] };
  const output = cell0.call(h0, h1).output; // dimension 0 has priority: it sees the new h1
  return { output, state: [output, h1] };
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
    super('Grid2BasicRNNCell', units, 2, 'rnn', () => new BasicRNNCell(units), false, options);
  }

  call(x: tf.Tensor2D, state: Grid2State): { output: tf.Tensor2D; state: Grid2State } {
    return propagate(this.projection(x, state).h(x), state, this.grid);
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
    super('Grid2GRUCell', units, 2, 'gru', () => new GRUCell(units, { fused }), false, options);
  }

  call(x: tf.Tensor2D, state: Grid2State): { output: tf.Tensor2D; state: Grid2State } {
    return propagate(this.projection(x, state).h(x), state, this.grid);
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
