import type { Random } from '../../base/random';
import { defaultsOf } from '../../settings/defaults';
import { integer } from '../../settings/setting_types';
import type { tf } from '../../tfjs/tensorflow';
import {
  activationOf,
  projectionActivation,
  type Activation,
  type ActivationFunction,
} from '../layers/activations';
import type { RNNCell, State, Step } from '../cell';
import { checkUnits } from '../checks';
import { Linear } from '../layers/linear';
import { inference, type Pass } from '../pass';
import { WeightedWrapper } from './weighted_wrapper';
import { wrapperKind } from './wrapper_kind';

/** Options of an `OutputProjectionWrapper`. */
export interface OutputProjectionOptions {
  /** Width of the output. */
  outputProjectionSize: number;
  /** What the projection goes through. Default 'linear': none. */
  projectionActivation?: Activation;
}

type Weights<S extends State> = { readonly cell: RNNCell<S>; readonly output: Linear };

/**
 * Projects the output of the cell; the state is left as it is (OutputProjectionWrapper of tf.contrib.rnn):
 *
 *     output = y·W + b
 *
 * With a bias, and without an activation if none is chosen. Initial values: W glorot uniform, b 0.
 */
export class OutputProjectionWrapper<S extends State> extends WeightedWrapper<S, Weights<S>> {
  private readonly size: number;
  private readonly activation: ActivationFunction;

  constructor(
    cell: RNNCell<S>,
    { outputProjectionSize, projectionActivation = defaults.projectionActivation }: OutputProjectionOptions,
  ) {
    super('OutputProjectionWrapper', cell);
    this.activation = activationOf(projectionActivation);
    this.size = checkUnits(outputProjectionSize, 'OutputProjectionWrapper');
  }

  override get outputSize(): number {
    return this.size;
  }

  protected createWeights(inputSize: number, random: Random): Weights<S> {
    const cell = this.cell.build(inputSize, random.fork('cell'));
    return { cell, output: new Linear(cell.outputSize, this.size, random.fork('output')) };
  }

  call(x: tf.Tensor2D, state: S, pass: Pass = inference): Step<S> {
    const { cell, output } = this.weights;
    const step = cell.call(x, state, pass);
    return { ...step, output: this.activation(output.call(step.output)) as tf.Tensor2D };
  }
}

const settings = {
  outputProjectionSize: integer(1, 4096, 64, {
    description: 'width of the projected output of each cell',
    unit: 'units',
  }),
  projectionActivation,
};
const defaults = defaultsOf(settings);

export const outputProjectionKind = wrapperKind(
  'outputProjection',
  settings,
  (chosen, cell) => new OutputProjectionWrapper(cell, chosen),
);
