/**
 * The weights of keras.layers.GRU and keras.layers.LSTM with a keras.layers.Dense behind them, by the paths of Keras 3:
 * `sequential/gru_1/gru_cell/kernel` (keras/src/layers/rnn/gru.py, lstm.py).
 */
import type { Tensors } from '../../runs/safetensors';
import { tf } from '../../tfjs/tensorflow';
import type { ForeignWeights, LayerWeights } from './gate_weights';
import { byGate, kindOf, outputOf, tensorOf } from './read_tensors';

/** In Keras's order, by our names: z, r, h and i, f, c, o there. */
const orders = { gru: ['u', 'r', 'c'], lstm: ['i', 'f', 'j', 'o'] } as const;

const ending = 'recurrent_kernel';

/** Whether tensors have Keras's names. */
export const isKeras = (names: readonly string[]) => names.some(name => name.endsWith(ending));

/** Within `tf.tidy`. @throws UserError for other layers than these */
export function readKeras(tensors: Tensors): ForeignWeights {
  const prefixes = Object.keys(tensors)
    .filter(name => name.endsWith(ending))
    .map(name => name.slice(0, -ending.length))
    .sort(byPath);
  const taken = new Set<string>();
  const layers = prefixes.map(prefix => ({ prefix, weights: readLayer(tensors, prefix, taken) }));
  const inDirection = (backward: boolean) =>
    layers.filter(({ prefix }) => /backward/.test(prefix) === backward).map(({ weights }) => weights);
  const output = outputOf(tensors, taken, { kernel: 'kernel', bias: 'bias' });
  return { forward: inDirection(false), backward: inDirection(true), output };
}

/** `gru`, `gru_1`, …, `gru_10`: as Keras numbers layers, from the lowest up. */
function byPath(a: string, b: string): number {
  const others = b.split('/');
  const orders = a.split('/').map((part, i) => part.localeCompare(others[i] ?? '', 'en', { numeric: true }));
  return orders.find(order => order !== 0) ?? 0;
}

function readLayer(tensors: Tensors, prefix: string, taken: Set<string>): LayerWeights {
  for (const name of ['kernel', ending, 'bias']) taken.add(`${prefix}${name}`);
  const hidden = tensorOf<tf.Tensor2D>(tensors, `${prefix}${ending}`, 2);
  const kind = kindOf(`${prefix}${ending}`, hidden.shape[1], hidden.shape[0], 'Keras');
  // With reset_after a GRU has two biases, [2, 3 · units].
  const resetAfter = kind === 'gru' && tensors[`${prefix}bias`]?.shape.length === 2;
  const order = orders[kind];
  const inputs = byGate(tensorOf<tf.Tensor2D>(tensors, `${prefix}kernel`, 2), order);
  const hiddens = byGate(hidden, order);
  const biases = resetAfter
    ? tf
        .unstack(tensorOf<tf.Tensor2D>(tensors, `${prefix}bias`, 2))
        .map(each => byGate(each as tf.Tensor1D, order))
    : [byGate(tensorOf<tf.Tensor1D>(tensors, `${prefix}bias`, 1), order)];
  const gates = Object.fromEntries(
    order.map(gate => [
      gate,
      {
        input: inputs[gate],
        hidden: hiddens[gate],
        inputBias: biases[0][gate],
        hiddenBias: biases[1]?.[gate],
      },
    ]),
  );
  const name =
    kind === 'lstm' ? "Keras's LSTM" : `Keras's GRU with reset_after=${resetAfter ? 'True' : 'False'}`;
  return { kind, gates, resetAfter, name };
}
