import type { Random } from '../random';
import { flag } from '../setting_types';
import type { tf } from '../tensorflow';
import { built } from './built';
import { prefixed, type RNNCell, type Variables } from './cell';
import { cellKind, forgetBias, peepholes } from './cell_kind';
import { InputToState } from './input_to_state';
import { LSTMCell, type LSTMOptions, type LSTMState } from './lstm_cell';

export interface Grid2LSTMOptions extends LSTMOptions {
  /** One set of weights for both dimensions. Default false. */
  tied?: boolean;
}

/** Of both dimensions: 0, in which the input comes and the output goes, and 1, which is time. */
export type Grid2LSTMState = readonly [depth: LSTMState, time: LSTMState];

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
 * `tied` gives LSTM_0 and LSTM_1 the same weights. Initial values: P_m, P_c [inputSize, units] glorot uniform, the
 * LSTMs' as LSTMCell's. The original's non-recurrent dimension 0 (`non_recurrent_fn`) is not here.
 */
export class Grid2LSTMCell implements RNNCell<Grid2LSTMState> {
  private readonly lstm0: LSTMCell;
  private readonly lstm1: LSTMCell;
  /** By name; only one where they are tied. */
  private readonly lstms: Readonly<Record<string, LSTMCell>>;
  private project?: InputToState;

  constructor(units: number, { tied = false, ...options }: Grid2LSTMOptions = {}) {
    this.lstm0 = new LSTMCell(units, options);
    this.lstm1 = tied ? this.lstm0 : new LSTMCell(units, options);
    this.lstms = tied ? { lstm: this.lstm0 } : { lstm_0: this.lstm0, lstm_1: this.lstm1 };
  }

  get outputSize(): number {
    return this.lstm0.outputSize;
  }

  get variables(): Variables {
    if (!this.project) return {};
    const ofLSTMs = Object.entries(this.lstms).map(([name, lstm]) => prefixed(name, lstm.variables));
    return Object.assign({}, prefixed('project', this.project.variables), ...ofLSTMs) as Variables;
  }

  build(inputSize: number, random: Random): this {
    this.project = new InputToState(inputSize, this.outputSize, random.fork('project'));
    for (const [name, lstm] of Object.entries(this.lstms)) lstm.build(this.outputSize, random.fork(name));
    return this;
  }

  zeroState(batchSize: number): Grid2LSTMState {
    return [this.lstm0.zeroState(batchSize), this.lstm1.zeroState(batchSize)];
  }

  call(x: tf.Tensor2D, [, time]: Grid2LSTMState): { output: tf.Tensor2D; state: Grid2LSTMState } {
    const { h: h0, c: c0 } = built(this.project, 'Grid2LSTMCell').call(x);
    const dimension1 = this.lstm1.call(h0, time);
    const dimension0 = this.lstm0.call(h0, { h: dimension1.output, c: c0 });
    return { output: dimension0.output, state: [dimension0.state, dimension1.state] };
  }
}

const tied = flag(false, { description: 'one set of weights for both dimensions' });

export const grid2LSTMKind = cellKind(
  'grid2Lstm',
  { forgetBias, peepholes, tied },
  (settings, units) => new Grid2LSTMCell(units, settings),
);
