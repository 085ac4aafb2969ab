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
import { checkBuild, checkCell } from '../checks';
import { Linear } from '../layers/linear';
import { inference, type Pass } from '../pass';
import { wrapperKind } from './wrapper_kind';

export interface OutputProjectionOptions {
  /** Width of the output. */
  outputProjectionSize: number;
  /** What the projection goes through. Default 'linear': none. */
  projectionActivation?: Activation;
}

/**
 * Projects the output of the cell; the state is left as it is (OutputProjectionWrapper of tf.contrib.rnn):
 *
 *     output = y·W + b
 *
 * With a bias, and without an activation if none is chosen. Initial values: W glorot uniform, b 0.
 */
export class OutputProjectionWrapper<S extends State> implements RNNCell<S> {
  private readonly size: number;
  private readonly activation: ActivationFunction;
  private projection?: Linear;

  constructor(
    private readonly cell: RNNCell<S>,
    { outputProjectionSize, projectionActivation = 'linear' }: OutputProjectionOptions,
  ) {
    checkCell('OutputProjectionWrapper', cell);
    this.activation = activationOf(projectionActivation);
    this.size = checkUnits(outputProjectionSize, 'OutputProjectionWrapper');
  }

  get outputSize(): number {
    return this.size;
  }

  get inputSize(): number | undefined {
    return this.cell.inputSize;
  }

  get stateSize(): StateSize | undefined {
    return this.cell.stateSize;
  }

  get variables(): Variables {
    if (!this.projection) return {};
    return { ...prefixed('cell', this.cell.variables), ...prefixed('output', this.projection.variables) };
  }

  build(inputSize: number, random: Random): this {
    checkBuild('OutputProjectionWrapper', inputSize, random);
    this.cell.build(inputSize, random.fork('cell'));
    this.projection = new Linear(this.cell.outputSize, this.size, random.fork('output'));
    return this;
  }

  zeroState(batchSize: number): S {
    return this.cell.zeroState(batchSize);
  }

  call(x: tf.Tensor2D, state: S, pass: Pass = inference): { output: tf.Tensor2D; state: S } {
    const projection = built(this.projection, 'OutputProjectionWrapper');
    const step = this.cell.call(x, state, pass);
    return { output: this.activation(projection.call(step.output)) as tf.Tensor2D, state: step.state };
  }
}

const settings = {
  outputProjectionSize: integer(1, 4096, 64, {
    description: 'width of the projected output of each cell',
    unit: 'units',
  }),
  projectionActivation,
};

export const outputProjectionKind = wrapperKind(
  'outputProjection',
  settings,
  (chosen, cell) => new OutputProjectionWrapper(cell, chosen),
);
