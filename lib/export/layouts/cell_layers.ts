/** The cells of a network, layer by layer, without what does nothing in inference. */
import { DropoutWrapper } from '../../rnn/wrappers/dropout_wrapper';
import { GRUCell } from '../../rnn/cells/gru_cell';
import { LSTMCell } from '../../rnn/cells/lstm_cell';
import type { RNNCell } from '../../rnn/cell';
import { MultiRNNCell } from '../../rnn/wrappers/multi_rnn_cell';

/** Lowest first. */
export function layersOf(cell: RNNCell): RNNCell[] {
  if (cell instanceof MultiRNNCell) return cell.cells.flatMap(layersOf);
  if (cell instanceof DropoutWrapper) return layersOf(cell.cell as RNNCell);
  return [cell];
}

/** A GRU as the paper has it: nothing but tanh in the candidate. */
export const isStandardGRU = (cell: RNNCell): cell is GRUCell & RNNCell =>
  cell instanceof GRUCell && cell.options.activation === 'tanh';

/** An LSTM with nothing but gates, a memory and a forget bias. */
export function isStandardLSTM(cell: RNNCell): cell is LSTMCell & RNNCell {
  if (!(cell instanceof LSTMCell)) return false;
  const { peepholes, numProj, projClip, cellClip, activation } = cell.options;
  return !peepholes && numProj === 0 && projClip === 0 && cellClip === 0 && activation === 'tanh';
}
