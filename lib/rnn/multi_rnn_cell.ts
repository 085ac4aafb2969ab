import { UserError } from '../errors';
import type { Random } from '../random';
import type { tf } from '../tensorflow';
import { prefixed, type RNNCell, type State, type Variables } from './cell';
import type { Pass } from './pass';

/**
 * Cells on top of each other: the output of layer i is the input of layer i + 1
 * (TensorFlow 1: tf.nn.rnn_cell.MultiRNNCell). State: the list of the layers' states.
 */
export class MultiRNNCell implements RNNCell<readonly State[]> {
  constructor(private readonly cells: readonly RNNCell[]) {
    if (cells.length === 0)
      throw new UserError('Expected MultiRNNCell to get at least one cell, found an empty list');
    if (new Set(cells).size < cells.length) {
      throw new UserError('Expected a cell of its own for each layer of MultiRNNCell, found one cell twice');
    }
  }

  get outputSize(): number {
    return this.cells[this.cells.length - 1].outputSize;
  }

  get fused(): boolean {
    return this.cells.every(({ fused }) => fused);
  }

  get variables(): Variables {
    return Object.assign(
      {},
      ...this.cells.map((cell, i) => prefixed(`cell_${i}`, cell.variables)),
    ) as Variables;
  }

  build(inputSize: number, random: Random): this {
    let size = inputSize;
    this.cells.forEach((cell, i) => {
      size = cell.build(size, random.fork(`cell_${i}`)).outputSize;
    });
    return this;
  }

  zeroState(batchSize: number): readonly State[] {
    return this.cells.map(cell => cell.zeroState(batchSize));
  }

  call(
    x: tf.Tensor2D,
    state: readonly State[],
    pass: Pass,
  ): { output: tf.Tensor2D; state: readonly State[] } {
    let output = x;
    const newState = this.cells.map((cell, i) => {
      const step = cell.call(output, state[i], pass);
      output = step.output;
      return step.state;
    });
    return { output, state: newState };
  }
}
