import type { RNNCell, State, Step, Variables } from '../rnn/cell';
import type { Pass } from '../rnn/pass';
import { MultiRNNCell } from '../rnn/wrappers/multi_rnn_cell';
import { mapTensors } from '../tfjs/structure';
import { tf } from '../tfjs/tensorflow';

/** A built cell of which some units are silenced: after each step all that the state and output hold of them is 0. */
class MaskedCell implements RNNCell {
  readonly outputSize: number;
  readonly inputSize?: number;
  readonly variables: Variables;

  /** @param mask [1, units]: 1 for a unit that stays, 0 for one that is silenced */
  constructor(
    private readonly cell: RNNCell,
    private readonly mask: tf.Tensor2D,
  ) {
    this.outputSize = cell.outputSize;
    this.inputSize = cell.inputSize;
    this.variables = cell.variables;
  }

  build(): this {
    return this;
  }

  zeroState(batchSize: number): State {
    return this.cell.zeroState(batchSize);
  }

  call(x: tf.Tensor2D, state: State, pass: Pass): Step<State> {
    const step = this.cell.call(x, state, pass);
    const silence = (tensor: tf.Tensor2D): tf.Tensor2D =>
      tensor.shape[1] === this.mask.shape[1] ? tf.mul(tensor, this.mask) : tensor;
    return { output: silence(step.output), state: mapTensors(step.state, silence) };
  }
}

/** The layers of a network of cells; any other cell is one layer. */
export function cellLayers(cell: RNNCell): readonly RNNCell[] {
  return cell instanceof MultiRNNCell ? cell.cells : [cell];
}

/** The network with some units silenced. @param masks one for each layer, [1, units] */
export function masked(cell: RNNCell, masks: readonly tf.Tensor2D[]): RNNCell {
  const layers = cellLayers(cell).map((layer, i) => new MaskedCell(layer, masks[i]));
  return cell instanceof MultiRNNCell ? new MultiRNNCell(layers) : layers[0];
}
