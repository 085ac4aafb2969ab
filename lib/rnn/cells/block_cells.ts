/**
 * A whole time step as one of TensorFlow's kernels, GRUBlockCell and LSTMBlockCell, with their gradients. They compute
 * what the equations in gru_cell.ts and lstm_cell.ts say, in a third of the graph's nodes.
 */
import { nodeBackend, type Attribute } from '../../tfjs/node_backend';
import { tf } from '../../tfjs/tensorflow';
import { runWithGradient } from '../../tfjs/engine';
import type { Linear, LinearWeights } from '../layers/linear';

/** Whether they are there: they are TensorFlow's own, which other backends of tfjs, such as a browser's, lack. */
export const hasBlockCells = (): boolean => tf.getBackend() === 'tensorflow';

/**
 * One step of a GRU.
 * @param x [batch, features]; @param h [batch, units]
 * @param gates [features + units, 2·units] with its bias, r before u; @param candidate [features + units, units]
 * @returns h' [batch, units]
 */
export function gruBlockCell(x: tf.Tensor2D, h: tf.Tensor2D, gates: Linear, candidate: Linear): tf.Tensor2D {
  const weights = [gates.kernel, candidate.kernel, gates.bias, candidate.bias];
  const forward = (save: (tensors: tf.Tensor[]) => void) => {
    const [r, u, c, output] = execute('GRUBlockCell', [x, h, ...weights], 4);
    save([x, h, r, u, c]); // the weights stay alive, these may not
    return [output];
  };
  const backward = ([dh]: tf.Tensor[], saved: tf.Tensor[]) => {
    const [x, h, r, u, c] = saved;
    const inputs = [x, h, ...weights, r, u, c, dh];
    const [dx, dPrevious, dCandidate, dGates] = execute('GRUBlockCellGrad', inputs, 4);
    return [
      dx,
      dPrevious,
      tf.matMul(tf.concat([x, h], 1), dGates, true),
      tf.matMul(tf.concat([x, tf.mul(r, h)], 1), dCandidate, true),
      tf.sum(dGates, 0),
      tf.sum(dCandidate, 0),
    ];
  };
  return runWithGradient([x, h, ...weights], forward, backward)[0] as tf.Tensor2D;
}

/** The weights by which an LSTM's gates see its memory, [units] each. */
export interface Peepholes {
  readonly w_f: tf.Variable<tf.Rank.R1>;
  readonly w_i: tf.Variable<tf.Rank.R1>;
  readonly w_o: tf.Variable<tf.Rank.R1>;
}

/**
 * One step of an LSTM.
 * @param x [batch, features]; @param c [batch, units]; @param h [batch, units]
 * @param weights [features + units, 4·units] with its bias, in the order i, j, f, o; and peepholes, all or none
 * @returns c' and h', [batch, units]
 */
export function lstmBlockCell(
  x: tf.Tensor2D,
  { c, h }: { readonly c: tf.Tensor2D; readonly h: tf.Tensor2D },
  weights: LinearWeights & Partial<Peepholes>,
  forgetBias: number,
): [c: tf.Tensor2D, h: tf.Tensor2D] {
  const { kernel: w, bias: b, w_i, w_f, w_o } = weights;
  const peepholes = w_i && w_f && w_o ? [w_i, w_f, w_o] : [];
  const { TF_ATTR_FLOAT, TF_ATTR_BOOL } = nodeBackend().binding;
  const usePeephole = { name: 'use_peephole', type: TF_ATTR_BOOL, value: peepholes.length > 0 };
  const attributes = [
    { name: 'forget_bias', type: TF_ATTR_FLOAT, value: forgetBias },
    { name: 'cell_clip', type: TF_ATTR_FLOAT, value: -1 },
    usePeephole,
  ];
  // The kernel wants them even where it does not use them.
  const unused = () => new Array<tf.Tensor>(3).fill(tf.zeros([h.shape[1]]));
  const inputs = [x, c, h, w, ...(peepholes.length > 0 ? peepholes : unused()), b];
  const forward = (save: (tensors: tf.Tensor[]) => void) => {
    const [i, newC, f, o, j, tanhC, output] = execute('LSTMBlockCell', inputs, 7, attributes);
    save([...inputs, i, newC, f, o, j, tanhC]);
    return [newC, output];
  };
  const backward = ([dc, dh]: tf.Tensor[], saved: tf.Tensor[]) => {
    const [x, , h] = saved as tf.Tensor2D[];
    const all = [...saved, dc, dh];
    const [dPrevious, dGates, ...dPeepholes] = execute('LSTMBlockCellGrad', all, 5, [usePeephole]);
    const dInputs = tf.matMul(dGates, w, false, true);
    return [
      tf.slice(dInputs, [0, 0], x.shape),
      dPrevious,
      tf.slice(dInputs, [0, x.shape[1]], h.shape),
      tf.matMul(tf.concat([x, h], 1), dGates, true),
      tf.sum(dGates, 0),
      ...dPeepholes.slice(0, peepholes.length),
    ];
  };
  const sources = [x, c, h, w, b, ...peepholes];
  return runWithGradient(sources, forward, backward) as [tf.Tensor2D, tf.Tensor2D];
}

function execute(
  op: string,
  inputs: readonly tf.Tensor[],
  numOutputs: number,
  attributes: readonly Attribute[] = [],
): tf.Tensor2D[] {
  const backend = nodeBackend();
  const { TF_ATTR_TYPE: type, TF_FLOAT: value } = backend.binding;
  return backend.executeMultipleOutputs(
    op,
    [{ name: 'T', type, value }, ...attributes],
    inputs,
    numOutputs,
  ) as tf.Tensor2D[];
}
