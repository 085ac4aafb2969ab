import { UserError } from '../../base/errors';
import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';
import type { RNNCell, State, StateSize, Step, Variables } from '../cell';
import { checkBuild, checkCell, checkState, describe, isTensor } from '../checks';
import { inference, type Pass } from '../pass';
import { checkDistinct } from '../shared_variables';
import { sideBySide } from '../side_by_side';
import { variablesOf } from '../weights';

/**
 * Cells on top of each other: the output of layer i is the input of layer i + 1
 * (TensorFlow 1: tf.nn.rnn_cell.MultiRNNCell). State: the list of the layers' states.
 *
 * @example
 * const cells = range(3).map(() => new DropoutWrapper(new GRUCell(200), { outputKeepProb: 0.5 }));
 * const layers = new MultiRNNCell(cells).build(28, createRandom(0));
 */
export class MultiRNNCell implements RNNCell<readonly State[]> {
  /** @param cells from the lowest layer up */
  constructor(readonly cells: readonly RNNCell[]) {
    if (!Array.isArray(cells)) {
      throw new UserError(`Expected MultiRNNCell to get a list of cells, found ${describe(cells)}`);
    }
    if (cells.length === 0)
      throw new UserError('Expected MultiRNNCell to get at least one cell, found an empty list');
    cells.forEach(cell => checkCell('MultiRNNCell', cell));
    if (new Set(cells).size < cells.length) {
      throw new UserError('Expected a cell of its own for each layer of MultiRNNCell, found one cell twice');
    }
  }

  get inputSize(): number | undefined {
    return this.cells[0].inputSize;
  }

  get inputType(): 'int32' | undefined {
    return this.cells[0].inputType;
  }

  get stateSize(): StateSize | undefined {
    const sizes = this.cells.map(({ stateSize }) => stateSize);
    return sizes.includes(undefined) ? undefined : (sizes as StateSize[]);
  }

  get outputSize(): number {
    return this.cells[this.cells.length - 1].outputSize;
  }

  get fused(): boolean {
    return this.cells.every(({ fused }) => fused);
  }

  get variables(): Variables {
    return variablesOf(Object.fromEntries(this.cells.map((cell, i) => [`cell_${i}`, cell])));
  }

  /** @throws UserError where one cell is in two layers, within wrappers or not; then no weights are left */
  build(inputSize: number, random: Random): this {
    let size = checkBuild('MultiRNNCell', inputSize, random);
    const made: Variables[] = [];
    this.cells.forEach((cell, i) => {
      size = cell.build(size, random.fork(`cell_${i}`)).outputSize;
      made.push({ ...cell.variables });
    });
    try {
      checkDistinct('the layers of MultiRNNCell', this.cells);
    } catch (error) {
      tf.dispose(made); // a cell that was built twice has lost its first weights
      throw error;
    }
    return this;
  }

  zeroState(batchSize: number): readonly State[] {
    return this.cells.map(cell => cell.zeroState(batchSize));
  }

  call(x: tf.Tensor2D, state: readonly State[], pass: Pass = inference): Step<readonly State[]> {
    this.checkLayers(x, state);
    let output = x;
    const steps = this.cells.map((cell, i) => {
      const step = cell.call(output, state[i], pass);
      output = step.output;
      return step;
    });
    return { output, ...sideBySide(steps) };
  }

  /** Cells that were built by themselves may not fit on top of each other. */
  private checkLayers(x: tf.Tensor2D, state: readonly State[]): void {
    const { stateSize } = this;
    // What is no tensor at all, the first layer refuses.
    if (stateSize !== undefined && isTensor(x))
      checkState("MultiRNNCell's state", stateSize, state, x.shape[0]);
    this.cells.slice(1).forEach(({ inputSize }, i) => {
      const { outputSize } = this.cells[i];
      if (inputSize === undefined || inputSize === outputSize) return;
      throw new UserError(
        `Expected layer ${i + 1} of MultiRNNCell to read the ${outputSize} outputs of layer ${i}, found a cell built ` +
          `for ${inputSize} features: build the MultiRNNCell as a whole, build(inputSize, random)`,
      );
    });
  }
}
