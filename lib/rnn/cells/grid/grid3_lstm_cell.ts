import { tf } from '../../../tfjs/tensorflow';
import type { Step } from '../../cell';
import { cellKind, forgetBias, peepholes } from '../cell_kind';
import { inference, type Pass } from '../../pass';
import type { GridLSTMCellOptions } from './grid1_lstm_cell';
import { sideBySide } from '../../side_by_side';
import { GridCell } from './grid_cell';
import { gridSettings, type GridOptions } from './grid_dimensions';
import { LSTMCell, type LSTMState } from '../lstm_cell';

/** Options of a `Grid3LSTMCell`. */
export type Grid3LSTMOptions = GridLSTMCellOptions & GridOptions;

/** Of the dimensions 0, 1 and 2; of 1 and 2 alone where dimension 0 is not recurrent. */
export type Grid3LSTMState = readonly LSTMState[];

/**
 * The grid LSTM of three dimensions (Kalchbrenner et al. 2015, "Grid Long Short-Term Memory", with a priority
 * dimension; Grid3LSTMCell of tensorflow/contrib/grid_rnn/python/ops/grid_rnn_cell.py):
 *
 *     h0 = x·P_m,   c0 = x·P_c                   dimension 0 starts from the input
 *     h1', c1' = LSTM_1(h0, h1; h2, c1)          dimensions 1 and 2 go first, side by side: both see the old h1 and h2
 *     h2', c2' = LSTM_2(h0, h1; h2, c2)
 *     h0', c0' = LSTM_0(h0, h1'; h2', c0)        dimension 0 has priority: it sees the new ones
 *
 * where LSTM(x, y; h, c) is an LSTMCell's time step with the input [x, y]: a product with [x, y, h]. The output is h0'.
 * State: c and h [batch, units] of each dimension; those of dimension 0 are written as in the original and never read.
 * As a cell of dynamicRnn, dimensions 1 and 2 both go along time. `tied` gives all three LSTMs the same weights. With
 * nonRecurrentFn there is no LSTM_0, no c0 and no state of it: h0' = fn([h0, h1', h2']·W + b). Initial values: P_m, P_c
 * [inputSize, units] and W glorot uniform, b 0, the LSTMs' as LSTMCell's.
 */
export class Grid3LSTMCell extends GridCell<LSTMCell, LSTMCell['stateSize'], Grid3LSTMState> {
  constructor(units: number, { forgetBias, peepholes, fused, ...options }: Grid3LSTMOptions = {}) {
    const create = () => new LSTMCell(units, { forgetBias, peepholes, fused });
    super({ units, numDimensions: 3, innerName: 'lstm', create, memory: true }, options);
  }

  call(x: tf.Tensor2D, state: Grid3LSTMState, pass: Pass = inference): Step<Grid3LSTMState> {
    const { project, cells, nonRecurrent } = this.weightsFor(x, state);
    const [lstm0, lstm1, lstm2] = cells;
    const [state1, state2] = state.slice(-2);
    const h0 = project.h(x);
    const before: tf.Tensor2D = tf.concat([h0, state1.h], 1);
    const dimension1 = lstm1.call(before, { h: state2.h, c: state1.c }, pass);
    const dimension2 = lstm2.call(before, state2, pass);
    const [h1, h2] = [dimension1.output, dimension2.output];
    if (nonRecurrent) {
      return { output: nonRecurrent([h0, h1, h2]), ...sideBySide([dimension1, dimension2]) };
    }
    const dimension0 = lstm0.call(tf.concat([h0, h1], 1), { h: h2, c: project.c(x) }, pass);
    return { output: dimension0.output, ...sideBySide([dimension0, dimension1, dimension2]) };
  }
}

export const grid3LSTMKind = cellKind(
  'grid3Lstm',
  { forgetBias, peepholes, ...gridSettings },
  (settings, units) => new Grid3LSTMCell(units, settings),
);
