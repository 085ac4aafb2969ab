import type { Random } from '../../../base/random';
import { tf } from '../../../tfjs/tensorflow';
import { BaseCell } from '../../base_cell';
import type { State, Step } from '../../cell';
import { cellKind, forgetBias, peepholes } from '../cell_kind';
import { checkStep } from '../../checks';
import { inference, type Pass } from '../../pass';
import { InputToState } from './input_to_state';
import { LSTMCell, type LSTMOptions, type LSTMState } from '../lstm_cell';

/** The options of the LSTMs in a grid. */
export type GridLSTMCellOptions = Pick<LSTMOptions, 'forgetBias' | 'peepholes' | 'fused'>;

type Weights = { readonly project: InputToState; readonly lstm: LSTMCell };

/**
 * The grid LSTM of one dimension (Kalchbrenner et al. 2015, "Grid Long Short-Term Memory"; Grid1LSTMCell of
 * tensorflow/contrib/grid_rnn/python/ops/grid_rnn_cell.py). The projected input takes the place of the state:
 *
 *     h0 = x·P_m,   c0 = x·P_c
 *     [i, j, f, o] = h0·W + b
 *     c' = σ(f + forgetBias)⊙c0 + σ(i)⊙tanh(j)
 *     h' = σ(o)⊙tanh(c')
 *
 * with peepholes: f += w_f⊙c0, i += w_i⊙c0, o += w_o⊙c'. So nothing is remembered from one time step to the next: its
 * only dimension is the one that the input comes from. A classifier that reads its last output sees the last row only.
 * State: c and h [batch, units], written as in the original and never read; the output is h'.
 * Initial values: P_m, P_c [inputSize, units] and W glorot uniform, b 0, each w uniform ±√(3/units).
 */
export class Grid1LSTMCell extends BaseCell<LSTMState, Weights> {
  private readonly lstm: LSTMCell;

  constructor(units: number, { forgetBias, peepholes, fused }: GridLSTMCellOptions = {}) {
    super();
    this.lstm = new LSTMCell(units, { forgetBias, peepholes, fused });
  }

  get outputSize(): number {
    return this.lstm.outputSize;
  }

  get stateSize(): LSTMCell['stateSize'] {
    return this.lstm.stateSize;
  }

  protected createWeights(inputSize: number, random: Random): Weights {
    return {
      project: new InputToState(inputSize, this.outputSize, random.fork('project')),
      lstm: this.lstm.build(0, random.fork('lstm')),
    };
  }

  /** @param state never read; it may be left out */
  call(x: tf.Tensor2D, state?: State, pass: Pass = inference): Step<LSTMState> {
    const { project, lstm } = this.weights;
    checkStep('Grid1LSTMCell', state === undefined ? { inputSize: this.inputSize } : this, x, state);
    const nothing: tf.Tensor2D = tf.zeros([x.shape[0], 0]);
    return lstm.call(nothing, { h: project.h(x), c: project.c(x) }, pass);
  }
}

export const grid1LSTMKind = cellKind(
  'grid1Lstm',
  { forgetBias, peepholes },
  (settings, units) => new Grid1LSTMCell(units, settings),
);
