import type { Random } from '../random';
import { integer } from '../setting_types';
import type { tf } from '../tensorflow';
import { built, checkUnits } from './built';
import { prefixed, type RNNCell, type State, type Variables } from './cell';
import { Linear } from './linear';
import type { Pass } from './pass';
import { wrapperKind } from './wrapper_kind';

/**
 * Projects the output of the cell; the state is left as it is (OutputProjectionWrapper of tf.contrib.rnn):
 *
 *     output = y·W + b
 *
 * Linear, with a bias and without an activation. Initial values: W glorot uniform, b 0.
 */
export class OutputProjectionWrapper<S extends State> implements RNNCell<S> {
  private readonly size: number;
  private projection?: Linear;

  constructor(
    private readonly cell: RNNCell<S>,
    { outputProjectionSize }: { outputProjectionSize: number },
  ) {
    this.size = checkUnits(outputProjectionSize, 'OutputProjectionWrapper');
  }

  get outputSize(): number {
    return this.size;
  }

  get variables(): Variables {
    if (!this.projection) return {};
    return { ...prefixed('cell', this.cell.variables), ...prefixed('output', this.projection.variables) };
  }

  build(inputSize: number, random: Random): this {
    this.cell.build(inputSize, random.fork('cell'));
    this.projection = new Linear(this.cell.outputSize, this.size, random.fork('output'));
    return this;
  }

  zeroState(batchSize: number): S {
    return this.cell.zeroState(batchSize);
  }

  call(x: tf.Tensor2D, state: S, pass: Pass): { output: tf.Tensor2D; state: S } {
    const projection = built(this.projection, 'OutputProjectionWrapper');
    const step = this.cell.call(x, state, pass);
    return { output: projection.call(step.output), state: step.state };
  }
}

const settings = {
  outputProjectionSize: integer(1, 4096, 64, {
    description: 'Width of the projected output of each cell',
    unit: 'units',
  }),
};

export const outputProjectionKind = wrapperKind(
  'outputProjection',
  settings,
  (chosen, cell) => new OutputProjectionWrapper(cell, chosen),
);
