/** From gates to the variables of our cells. */
import { UserError } from '../../base/errors';
import type { RNNCell } from '../../rnn/cell';
import { CudnnGRUCell } from '../../rnn/cells/cudnn_gru_cell';
import { tf } from '../../tfjs/tensorflow';
import { isStandardGRU, isStandardLSTM } from './cell_layers';
import type { GateWeights, LayerWeights } from './gate_weights';

/**
 * What the cell's variables become, by their names.
 * @throws UserError for a layer whose equations are not the cell's
 */
export function valuesFor(cell: RNNCell, layer: LayerWeights): Record<string, tf.Tensor> {
  const { kind, resetAfter, gates } = layer;
  if (kind === 'lstm' && isStandardLSTM(cell)) return lstmValues(gates, cell.options.forgetBias);
  if (kind === 'gru' && resetAfter && cell instanceof CudnnGRUCell) return cudnnValues(gates);
  if (kind === 'gru' && !resetAfter && isStandardGRU(cell)) return gruValues(gates);
  throw new UserError(
    `Expected a network of the cells in the file, found ${cell.constructor.name} for ${layer.name}: ` +
      wanted(layer),
  );
}

function wanted({ kind, resetAfter }: LayerWeights): string {
  if (kind === 'lstm') return 'choose the cell lstm, with tanh and without peepholes, projection and clip';
  return resetAfter
    ? 'its reset gate acts after the product, which gives other numbers; choose the cell cudnnGru'
    : 'its reset gate acts before the product, which gives other numbers; choose the cell gru, with tanh';
}

type Gates = LayerWeights['gates'];

/** Columns of some gates beside each other, the rows for x above those for h. */
function stacked(gates: readonly GateWeights[]): tf.Tensor2D {
  const rows = (part: 'input' | 'hidden') =>
    tf.concat2d(
      gates.map(gate => gate[part]),
      1,
    );
  return tf.concat2d([rows('input'), rows('hidden')], 0);
}

const bothBiases = ({ inputBias, hiddenBias }: GateWeights): tf.Tensor1D =>
  hiddenBias ? tf.add(inputBias, hiddenBias) : inputBias;

/** Our forget bias is added at run time, theirs is in the weights. */
function lstmValues({ i, j, f, o }: Gates, forgetBias: number) {
  const bias = tf.concat1d([
    bothBiases(i),
    bothBiases(j),
    tf.sub<tf.Tensor1D>(bothBiases(f), forgetBias),
    bothBiases(o),
  ]);
  return { kernel: stacked([i, j, f, o]), bias };
}

function gruValues({ r, u, c }: Gates) {
  return {
    'gates/kernel': stacked([r, u]),
    'gates/bias': tf.concat1d([bothBiases(r), bothBiases(u)]),
    'candidate/kernel': stacked([c]),
    'candidate/bias': bothBiases(c),
  };
}

function cudnnValues({ u, r, c }: Gates) {
  const parts = [u, r, c];
  const zeros = (gate: GateWeights) => tf.zerosLike(gate.inputBias);
  return {
    'input/kernel': tf.concat2d(
      parts.map(gate => gate.input),
      1,
    ),
    'input/bias': tf.concat1d(parts.map(gate => gate.inputBias)),
    'hidden/kernel': tf.concat2d(
      parts.map(gate => gate.hidden),
      1,
    ),
    'hidden/bias': tf.concat1d(parts.map(gate => gate.hiddenBias ?? zeros(gate))),
  };
}
