import { UserError } from '../../../base/errors';
import type { Random } from '../../../base/random';
import { defaultsOf } from '../../../settings/defaults';
import { integer } from '../../../settings/setting_types';
import { tf } from '../../../tfjs/tensorflow';
import { BaseCell } from '../../base_cell';
import type { StateSize, Step } from '../../cell';
import { cellKind } from '../cell_kind';
import { GridLSTMCell } from './grid_lstm_cell';
import { gridLSTMSettings, type GridLSTMOptions } from './grid_lstm_weights';
import type { LSTMState } from '../lstm_cell';
import { inference, type Pass } from '../../pass';

/** Options of a `BidirectionalGridLSTMCell`. */
export interface BidirectionalGridLSTMOptions extends GridLSTMOptions {
  /**
   * Where the backward cell's blocks start, in features from the first one; what they lack there is 0. They are as many
   * as the forward cell's. Default 0: both see the same blocks.
   */
  backwardSliceOffset?: number;
}

/** The states of both cells, the backward one's in the order in which it reads: from the last block. */
export type BidirectionalGridLSTMState = {
  readonly forward: readonly LSTMState[];
  readonly backward: readonly LSTMState[];
};

type Weights = { readonly forward: GridLSTMCell; readonly backward: GridLSTMCell };

/**
 * Two GridLSTMCells with weights of their own, one over the blocks from first to last, one from last to first
 * (BidirectionalGridLSTMCell of tensorflow/contrib/rnn/python/ops/rnn_cell.py). In time both go forward.
 *
 *     output = [forward(x_1 … x_K), backward(x_K … x_1)]
 *
 * The backward half of the output stays in the order in which it was computed: block K first; of several bands each is
 * reversed by itself, and they stay in their order. Output: of width 4·units·K. State and initial values: those of both cells. For papers and equations see GridLSTMCell.
 */
export class BidirectionalGridLSTMCell extends BaseCell<BidirectionalGridLSTMState, Weights> {
  private readonly forward: GridLSTMCell;
  private readonly backward: GridLSTMCell;
  private readonly backwardSliceOffset: number;

  constructor(
    units: number,
    { backwardSliceOffset = defaults.backwardSliceOffset, ...options }: BidirectionalGridLSTMOptions = {},
  ) {
    super();
    if (!Number.isInteger(backwardSliceOffset)) {
      throw new UserError(
        `Expected BidirectionalGridLSTMCell's backwardSliceOffset to be an integer, found ${backwardSliceOffset}: ` +
          '0 gives both directions the same blocks',
      );
    }
    this.forward = new GridLSTMCell(units, options);
    this.backward = new GridLSTMCell(units, options);
    this.backwardSliceOffset = backwardSliceOffset;
  }

  /** Known once the cell is built. */
  get outputSize(): number {
    return this.forward.outputSize + this.backward.outputSize;
  }

  get stateSize(): StateSize {
    return { forward: this.forward.stateSize, backward: this.backward.stateSize };
  }

  protected createWeights(inputSize: number, random: Random): Weights {
    return {
      forward: this.forward.build(inputSize, random.fork('forward')),
      backward: this.backward.build(inputSize, random.fork('backward')),
    };
  }

  call(
    x: tf.Tensor2D,
    state: BidirectionalGridLSTMState,
    pass: Pass = inference,
  ): Step<BidirectionalGridLSTMState> {
    this.weightsFor(x, state);
    const bands = this.backward.blocks.cut(x, this.backwardSliceOffset);
    const reversed = bands.map(blocks => blocks.reverse());
    const forward = this.forward.call(x, state.forward, pass);
    const backward = this.backward.sweep(reversed, state.backward, pass);
    return {
      output: tf.concat([forward.output, backward.output], 1),
      state: { forward: forward.state, backward: backward.state },
      gates: { forward: forward.gates ?? [], backward: backward.gates ?? [] },
    };
  }
}

const settings = {
  ...gridLSTMSettings,
  backwardSliceOffset: integer(-4096, 4096, 0, {
    description: "start of the backward cell's blocks",
    unit: 'features',
  }),
};
const defaults = defaultsOf(settings);

export const bidirectionalGridLSTMKind = cellKind(
  'bidirectionalGridLstm',
  settings,
  (chosen, units) => new BidirectionalGridLSTMCell(units, chosen),
);
