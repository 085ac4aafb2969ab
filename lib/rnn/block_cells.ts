/**
 * A whole time step as one of TensorFlow's kernels, GRUBlockCell and LSTMBlockCell, with their gradients. They compute
 * what the equations in gru_cell.ts and lstm_cell.ts say, in a third of the graph's nodes.
 */
import { nodeBackend, type Attribute } from '../compile/node_backend';
import { tf } from '../tensorflow';
import type { Linear } from './linear';

/** The part of tfjs's engine that its types hide: an operation of several outputs with a gradient of its own. */
interface Engine {
  runKernelFunc<T>(operation: {
    inputs: Readonly<Record<string, tf.Tensor>>;
    forwardFunc(backend: unknown, save: (tensors: tf.Tensor[]) => void): T;
    /** @returns for each input the gradient by it */
    backwardsFunc(outputGradients: T, saved: tf.Tensor[]): Readonly<Record<string, () => tf.Tensor>>;
  }): T;
}
const engine = () => tf.engine() as unknown as Engine;

/**
 * One step of a GRU.
 * @param x [batch, features]; @param h [batch, units]
 * @param gates [features + units, 2·units] with its bias, r before u; @param candidate [features + units, units]
 * @returns h' [batch, units]
 */
export function gruBlockCell(x: tf.Tensor2D, h: tf.Tensor2D, gates: Linear, candidate: Linear): tf.Tensor2D {
  const weights = [gates.kernel, candidate.kernel, gates.bias, candidate.bias];
  return engine().runKernelFunc<tf.Tensor2D>({
    inputs: { x, h, wg: gates.kernel, wc: candidate.kernel, bg: gates.bias, bc: candidate.bias },
    forwardFunc(_, save) {
      const [r, u, c, output] = execute('GRUBlockCell', [x, h, ...weights], 4);
      save([x, h, r, u, c]); // those of the weights stay alive, these may not
      return output;
    },
    backwardsFunc(dh, saved) {
      const [x, h, r, u, c] = saved as tf.Tensor2D[];
      const inputs = [x, h, ...weights, r, u, c, dh];
      const [dx, dPrevious, dCandidate, dGates] = execute('GRUBlockCellGrad', inputs, 4);
      return {
        x: () => dx,
        h: () => dPrevious,
        wg: () => tf.matMul(tf.concat([x, h], 1), dGates, true),
        wc: () => tf.matMul(tf.concat([x, tf.mul(r, h)], 1), dCandidate, true),
        bg: () => tf.sum(dGates, 0),
        bc: () => tf.sum(dCandidate, 0),
      };
    },
  });
}

/** The weights by which an LSTM's gates see its memory, [units] each. */
export interface Peepholes {
  readonly w_i: tf.Tensor1D;
  readonly w_f: tf.Tensor1D;
  readonly w_o: tf.Tensor1D;
}

/**
 * One step of an LSTM.
 * @param x [batch, features]; @param c [batch, units]; @param h [batch, units]
 * @param gates [features + units, 4·units] with its bias, in the order i, j, f, o
 * @returns c' and h', [batch, units]
 */
export function lstmBlockCell(
  x: tf.Tensor2D,
  { c, h }: { readonly c: tf.Tensor2D; readonly h: tf.Tensor2D },
  gates: Linear,
  { forgetBias, peepholes }: { forgetBias: number; peepholes?: Peepholes },
): [c: tf.Tensor2D, h: tf.Tensor2D] {
  const { TF_ATTR_FLOAT, TF_ATTR_BOOL } = nodeBackend().binding;
  const usePeephole = { name: 'use_peephole', type: TF_ATTR_BOOL, value: peepholes !== undefined };
  const attributes = [
    { name: 'forget_bias', type: TF_ATTR_FLOAT, value: forgetBias },
    { name: 'cell_clip', type: TF_ATTR_FLOAT, value: -1 },
    usePeephole,
  ];
  const { kernel: w, bias: b } = gates;
  // The kernel wants them even where it does not use them.
  const { w_i: wi, w_f: wf, w_o: wo } = peepholes ?? unusedPeepholes(h.shape[1]);
  const inputs = [x, c, h, w, wi, wf, wo, b];
  return engine().runKernelFunc<[tf.Tensor2D, tf.Tensor2D]>({
    inputs: { x, c, h, w, b, ...(peepholes && { wi, wf, wo }) },
    forwardFunc(_, save) {
      const [i, newC, f, o, j, tanhC, output] = execute('LSTMBlockCell', inputs, 7, attributes);
      save([...inputs, i, newC, f, o, j, tanhC]);
      return [newC, output];
    },
    backwardsFunc([dc, dh], saved) {
      const [x, , h] = saved as tf.Tensor2D[];
      const [dPrevious, dGates, dwi, dwf, dwo] = execute('LSTMBlockCellGrad', [...saved, dc, dh], 5, [
        usePeephole,
      ]);
      const dInputs = tf.matMul(dGates, w, false, true);
      const [batch, features] = x.shape;
      return {
        x: () => tf.slice(dInputs, [0, 0], [batch, features]),
        c: () => dPrevious,
        h: () => tf.slice(dInputs, [0, features], [batch, h.shape[1]]),
        w: () => tf.matMul(tf.concat([x, h], 1), dGates, true),
        b: () => tf.sum(dGates, 0),
        ...(peepholes && { wi: () => dwi, wf: () => dwf, wo: () => dwo }),
      };
    },
  });
}

function unusedPeepholes(units: number): Peepholes {
  const zeros = tf.zeros<tf.Rank.R1>([units]);
  return { w_i: zeros, w_f: zeros, w_o: zeros };
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
