import type { Random } from '../random';
import { integer } from '../setting_types';
import type { tf } from '../tensorflow';
import { built, checkUnits } from './built';
import { prefixed, type RNNCell, type State, type Variables } from './cell';
import { Linear } from './linear';
import type { Pass } from './pass';
import { wrapperKind } from './wrapper_kind';

/**
 * Projects the input before the cell sees it (InputProjectionWrapper of tf.contrib.rnn):
 *
 *     y, s' = cell(x·W + b, s)
 *
 * Linear, with a bias and without an activation. Initial values: W glorot uniform, b 0.
 */
export class InputProjectionWrapper<S extends State> implements RNNCell<S> {
  private readonly size: number;
  private projection?: Linear;

  constructor(
    private readonly cell: RNNCell<S>,
    { inputProjectionSize }: { inputProjectionSize: number },
  ) {
    this.size = checkUnits(inputProjectionSize, 'InputProjectionWrapper');
  }

  get outputSize(): number {
    return this.cell.outputSize;
  }

  get variables(): Variables {
    if (!this.projection) return {};
    return { ...prefixed('cell', this.cell.variables), ...prefixed('input', this.projection.variables) };
  }

  build(inputSize: number, random: Random): this {
    this.cell.build(this.size, random.fork('cell'));
    this.projection = new Linear(inputSize, this.size, random.fork('input'));
    return this;
  }

  zeroState(batchSize: number): S {
    return this.cell.zeroState(batchSize);
  }

  call(x: tf.Tensor2D, state: S, pass: Pass): { output: tf.Tensor2D; state: S } {
    const projection = built(this.projection, 'InputProjectionWrapper');
    return this.cell.call(projection.call(x), state, pass);
  }
}

const settings = {
  inputProjectionSize: integer(1, 4096, 64, {
    description: 'Width of the projected input of each cell',
    unit: 'units',
  }),
};

export const inputProjectionKind = wrapperKind(
  'inputProjection',
  settings,
  (chosen, cell) => new InputProjectionWrapper(cell, chosen),
);
