import type { Random } from '../../base/random';
import { integer } from '../../settings/setting_types';
import type { tf } from '../../tfjs/tensorflow';
import { built, checkUnits } from '../built';
import {
  activationOf,
  projectionActivation,
  type Activation,
  type ActivationFunction,
} from '../layers/activations';
import { prefixed, type RNNCell, type State, type StateSize, type Variables } from '../cell';
import { checkBuild, checkCell, checkStep } from '../checks';
import { Linear } from '../layers/linear';
import { inference, type Pass } from '../pass';
import { wrapperKind } from './wrapper_kind';

export interface InputProjectionOptions {
  /** Width of what the cell gets. */
  inputProjectionSize: number;
  /** What the projection goes through. Default 'linear': none. */
  projectionActivation?: Activation;
}

/**
 * Projects the input before the cell sees it (InputProjectionWrapper of tf.contrib.rnn):
 *
 *     y, s' = cell(x·W + b, s)
 *
 * With a bias, and without an activation if none is chosen. Initial values: W glorot uniform, b 0.
 */
export class InputProjectionWrapper<S extends State> implements RNNCell<S> {
  inputSize?: number;
  private readonly size: number;
  private readonly activation: ActivationFunction;
  private projection?: Linear;

  constructor(
    private readonly cell: RNNCell<S>,
    { inputProjectionSize, projectionActivation = 'linear' }: InputProjectionOptions,
  ) {
    checkCell('InputProjectionWrapper', cell);
    this.activation = activationOf(projectionActivation);
    this.size = checkUnits(inputProjectionSize, 'InputProjectionWrapper');
  }

  get outputSize(): number {
    return this.cell.outputSize;
  }

  get stateSize(): StateSize | undefined {
    return this.cell.stateSize;
  }

  get variables(): Variables {
    if (!this.projection) return {};
    return { ...prefixed('cell', this.cell.variables), ...prefixed('input', this.projection.variables) };
  }

  build(inputSize: number, random: Random): this {
    this.inputSize = checkBuild('InputProjectionWrapper', inputSize, random);
    this.cell.build(this.size, random.fork('cell'));
    this.projection = new Linear(inputSize, this.size, random.fork('input'));
    return this;
  }

  zeroState(batchSize: number): S {
    return this.cell.zeroState(batchSize);
  }

  call(x: tf.Tensor2D, state: S, pass: Pass = inference): { output: tf.Tensor2D; state: S } {
    const projection = built(this.projection, 'InputProjectionWrapper');
    checkStep('InputProjectionWrapper', this, x, state);
    return this.cell.call(this.activation(projection.call(x)) as tf.Tensor2D, state, pass);
  }
}

const settings = {
  inputProjectionSize: integer(1, 4096, 64, {
    description: 'width of the projected input of each cell',
    unit: 'units',
  }),
  projectionActivation,
};

export const inputProjectionKind = wrapperKind(
  'inputProjection',
  settings,
  (chosen, cell) => new InputProjectionWrapper(cell, chosen),
);
