/** Layers of GRU and LSTM as ONNX's own operators. */
import type { RNNCell } from '../../rnn/cell';
import { CudnnGRUCell } from '../../rnn/cells/cudnn_gru_cell';
import { tf } from '../../tfjs/tensorflow';
import { isStandardGRU, isStandardLSTM, layersOf } from '../layouts/cell_layers';
import type { OnnxAttributes, OnnxGraph } from './onnx_graph';

export type Direction = 'forward' | 'reverse';

interface Operator {
  readonly name: 'GRU' | 'LSTM';
  /** [gates · units, features], [gates · units, units], [2 · gates · units], the gates in ONNX's order. */
  readonly weights: readonly [w: tf.Tensor, r: tf.Tensor, b: tf.Tensor];
  readonly attributes: OnnxAttributes;
}

/** Whether each layer is an operator of ONNX. */
export const areOperators = (cell: RNNCell): boolean =>
  layersOf(cell).every(each => isStandardGRU(each) || isStandardLSTM(each) || each instanceof CudnnGRUCell);

/**
 * Add the layers of a cell.
 * @param steps the name of [time, batch, features]
 * @returns the names of the outputs, [time, batch, units], and of the last one, [batch, units]
 */
export function addLayers(
  graph: OnnxGraph,
  cell: RNNCell,
  steps: string,
  direction: Direction,
): { outputs: string; last: string } {
  let [outputs, last] = [steps, ''];
  for (const layer of layersOf(cell)) {
    const [w, r, b, operator] = tf.tidy(() => {
      const { weights, ...rest } = operatorOf(layer);
      const constants = weights.map(each => {
        return graph.constant(each.dataSync<'float32'>(), [1, ...each.shape], 'float');
      });
      return [...constants, rest] as never;
    }) as [string, string, string, Omit<Operator, 'weights'>];
    const attributes = { ...operator.attributes, direction, hidden_size: layer.outputSize };
    const [all, lastOutput] = graph.add(operator.name, [outputs, w, r, b], attributes, 2);
    [outputs] = graph.add('Squeeze', [all, graph.list([1])]); // of [time, directions, batch, units]
    [last] = graph.add('Squeeze', [lastOutput, graph.list([0])]);
  }
  return { outputs, last };
}

/** Within `tf.tidy`. */
function operatorOf(cell: RNNCell): Operator {
  const { variables, outputSize: units } = cell;
  const rows = (kernel: tf.Tensor2D) => tf.split(kernel, [kernel.shape[0] - units, units], 0);
  const [x, h, name] = isStandardGRU(cell) ? gru() : cell instanceof CudnnGRUCell ? cudnnGru() : lstm(cell);
  const linear_before_reset = cell instanceof CudnnGRUCell ? 1 : 0;
  return {
    name,
    weights: [
      tf.transpose(
        tf.concat(
          x.map(({ kernel }) => kernel),
          1,
        ),
      ),
      tf.transpose(
        tf.concat(
          h.map(({ kernel }) => kernel),
          1,
        ),
      ),
      tf.concat([...x, ...h].map(({ bias }) => bias)),
    ],
    attributes: name === 'GRU' ? { linear_before_reset } : {},
  };

  type Gate = { kernel: tf.Tensor; bias: tf.Tensor };
  type Gates = [x: Gate[], h: Gate[], name: Operator['name']];

  function gatesOf(kernel: tf.Tensor, bias: tf.Tensor, count: number): Gate[] {
    const biases = tf.split(bias, count);
    return tf.split(kernel, count, 1).map((each, i) => ({ kernel: each, bias: biases[i] }));
  }

  function withoutBias(kernel: tf.Tensor, count: number): Gate[] {
    return gatesOf(kernel, tf.zeros([count * units]), count);
  }

  /** ONNX's z, r, h are our u, r, c. */
  function gru(): Gates {
    const [gatesX, gatesH] = rows(variables['gates/kernel'] as tf.Tensor2D);
    const [candidateX, candidateH] = rows(variables['candidate/kernel'] as tf.Tensor2D);
    const [rX, uX] = gatesOf(gatesX, variables['gates/bias'], 2);
    const [rH, uH] = withoutBias(gatesH, 2);
    const [cX] = gatesOf(candidateX, variables['candidate/bias'], 1);
    const [cH] = withoutBias(candidateH, 1);
    return [[uX, rX, cX], [uH, rH, cH], 'GRU']; // prettier-ignore
  }

  function cudnnGru(): Gates {
    const gates = (part: string) => gatesOf(variables[`${part}/kernel`], variables[`${part}/bias`], 3);
    return [gates('input'), gates('hidden'), 'GRU'];
  }

  /** ONNX's i, o, f, c; ours are i, j, f, o, and the forget bias is added at run time. */
  function lstm(standard: RNNCell): Gates {
    const forgetBias = isStandardLSTM(standard) ? standard.options.forgetBias : 0;
    const [kernelX, kernelH] = rows(variables.kernel as tf.Tensor2D);
    const [iX, jX, fX, oX] = gatesOf(kernelX, variables.bias, 4);
    const [iH, jH, fH, oH] = withoutBias(kernelH, 4);
    const f = { ...fX, bias: tf.add(fX.bias, forgetBias) };
    return [[iX, oX, f, jX], [iH, oH, fH, jH], 'LSTM'];
  }
}
