import { CellWrapper, tf, type Pass, type RNNCell, type State } from 'scanline';

/** The output of a cell, multiplied by a number. */
export class ScaledWrapper<S extends State> extends CellWrapper<S> {
  constructor(
    cell: RNNCell<S>,
    private readonly factor: number,
  ) {
    super('ScaledWrapper', cell);
  }

  call(x: tf.Tensor2D, state: S, pass: Pass): { output: tf.Tensor2D; state: S } {
    const step = this.cell.call(x, state, pass);
    return { output: tf.mul<tf.Tensor2D>(step.output, this.factor), state: step.state };
  }
}
