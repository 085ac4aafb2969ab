import type { tf } from '../../../tfjs/tensorflow';
import type { Step } from '../../cell';
import { cellKind, forgetBias, peepholes } from '../cell_kind';
import { inference, type Pass } from '../../pass';
import type { GridLSTMCellOptions } from './grid1_lstm_cell';
import { sideBySide } from '../../side_by_side';
import { GridCell } from './grid_cell';
import { gridSettings, type GridOptions } from './grid_dimensions';
import { LSTMCell, type LSTMState } from '../lstm_cell';

/** Options of a `Grid2LSTMCell`. */
export type Grid2LSTMOptions = GridLSTMCellOptions & GridOptions;

/**
 * Of dimension 0, in which the input comes and the output goes, and of dimension 1, which is time; of the latter alone
 * where dimension 0 is not recurrent.
 */
export type Grid2LSTMState = readonly LSTMState[];

/**
 * The grid LSTM of two dimensions (Kalchbrenner et al. 2015, "Grid Long Short-Term Memory", with a priority dimension;
 * Grid2LSTMCell of tensorflow/contrib/grid_rnn/python/ops/grid_rnn_cell.py):
 *
 *     h0 = x·P_m,   c0 = x·P_c            dimension 0 starts from the input
 *     h1', c1' = LSTM_1(h0; h1, c1)       dimension 1, time, goes first
 *     h0', c0' = LSTM_0(h0; h1', c0)      dimension 0 has priority: it sees the new h1'
 *
 * where LSTM(x; h, c) is an LSTMCell's time step with the input x: a product with [x, h]. So each dimension has a
 * memory of its own, while both read the same [h0, h1], h1 being new in dimension 0. The output is h0'.
 * State: c and h [batch, units] of both dimensions; those of dimension 0 are written as in the original and never read.
 * `tied` gives LSTM_0 and LSTM_1 the same weights. With nonRecurrentFn there is no LSTM_0, no c0 and no state of it:
 * h0' = fn([h0, h1']·W + b). Initial values: P_m, P_c [inputSize, units] and W glorot uniform, b 0, the LSTMs' as
 * LSTMCell's.
 */
export class Grid2LSTMCell extends GridCell<LSTMCell, LSTMCell['stateSize'], Grid2LSTMState> {
  constructor(units: number, { forgetBias, peepholes, fused, ...options }: Grid2LSTMOptions = {}) {
    const create = () => new LSTMCell(units, { forgetBias, peepholes, fused });
    super({ units, numDimensions: 2, innerName: 'lstm', create, memory: true }, options);
  }

  call(x: tf.Tensor2D, state: Grid2LSTMState, pass: Pass = inference): Step<Grid2LSTMState> {
    const { project, cells, nonRecurrent } = this.weightsFor(x, state);
    const [lstm0, lstm1] = cells;
    const h0 = project.h(x);
    const dimension1 = lstm1.call(h0, state[state.length - 1], pass);
    if (nonRecurrent) {
      return { output: nonRecurrent([h0, dimension1.output]), ...sideBySide([dimension1]) };
    }
    const dimension0 = lstm0.call(h0, { h: dimension1.output, c: project.c(x) }, pass);
    return { output: dimension0.output, ...sideBySide([dimension0, dimension1]) };
  }
}

export const grid2LSTMKind = cellKind(
  'grid2Lstm',
  { forgetBias, peepholes, ...gridSettings },
  (settings, units) => new Grid2LSTMCell(units, settings),
);
