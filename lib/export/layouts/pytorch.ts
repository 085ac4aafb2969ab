/**
 * The weights of torch.nn.GRU and torch.nn.LSTM with a torch.nn.Linear behind them, as `state_dict()` names them
 * (docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html, …/torch.nn.LSTM.html): matrices lie the other way round,
 * [gates · units, features], and each gate has two biases.
 */
import { UserError } from '../../base/errors';
import type { Tensors } from '../../runs/safetensors';
import { tf } from '../../tfjs/tensorflow';
import type { ForeignWeights, LayerWeights } from './gate_weights';
import { byGate, kindOf, outputOf, tensorOf } from './read_tensors';

/** In PyTorch's order, by our names: r, z, n and i, f, g, o there. */
const orders = { gru: ['r', 'u', 'c'], lstm: ['i', 'f', 'j', 'o'] } as const;

const pattern = /^(.*)weight_ih_l(\d+)(_reverse)?$/;

/** Whether tensors have PyTorch's names. */
export const isPyTorch = (names: readonly string[]) => names.some(name => pattern.test(name));

/** Within `tf.tidy`. @throws UserError for other layers than these */
export function readPyTorch(tensors: Tensors): ForeignWeights {
  const found = Object.keys(tensors).flatMap(name => {
    const [, prefix, layer, reverse = ''] = pattern.exec(name) ?? [];
    return prefix === undefined ? [] : [{ prefix, layer: Number(layer), reverse }];
  });
  const prefixes = new Set(found.map(({ prefix }) => prefix));
  if (prefixes.size > 1) {
    throw new UserError(
      `Expected one recurrent module, found ${prefixes.size}: ${[...prefixes].join(', ')}; Scanline's layers are one ` +
        'module of several layers in PyTorch',
    );
  }
  const taken = new Set<string>();
  const read = (way: string) =>
    found
      .filter(({ reverse }) => reverse === way)
      .sort((a, b) => a.layer - b.layer)
      .map(({ prefix, layer }) => readLayer(tensors, prefix, `_l${layer}${way}`, taken));
  const [forward, backward] = [read(''), read('_reverse')];
  const { kernel, bias } = outputOf(tensors, taken, { kernel: 'weight', bias: 'bias' });
  return { forward, backward, output: { kernel: tf.transpose(kernel), bias } };
}

function readLayer(tensors: Tensors, prefix: string, end: string, taken: Set<string>): LayerWeights {
  const read = <T extends tf.Tensor>(name: string, rank: number): T => {
    taken.add(`${prefix}${name}${end}`);
    return tensorOf<T>(tensors, `${prefix}${name}${end}`, rank);
  };
  const input = tf.transpose(read<tf.Tensor2D>('weight_ih', 2));
  const hidden = tf.transpose(read<tf.Tensor2D>('weight_hh', 2));
  const kind = kindOf(`${prefix}weight_hh${end}`, hidden.shape[1], hidden.shape[0], 'PyTorch');
  const parts = {
    input: byGate(input, orders[kind]),
    hidden: byGate(hidden, orders[kind]),
    inputBias: byGate(read<tf.Tensor1D>('bias_ih', 1), orders[kind]),
    hiddenBias: byGate(read<tf.Tensor1D>('bias_hh', 1), orders[kind]),
  };
  const gates = Object.fromEntries(
    orders[kind].map(gate => [
      gate,
      {
        input: parts.input[gate],
        hidden: parts.hidden[gate],
        inputBias: parts.inputBias[gate],
        hiddenBias: parts.hiddenBias[gate],
      },
    ]),
  );
  return { kind, gates, resetAfter: kind === 'gru', name: `PyTorch's ${kind.toUpperCase()}` };
}
