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

/** Options of an `InputProjectionWrapper`. */
export interface InputProjectionOptions {
  /** Width of what the cell gets. */
  inputProjectionSize: number;
  /** What the projection goes through. Default 'linear': none. */
  projectionActivation?: Activation;
}

type Weights<S extends State> = { readonly cell: RNNCell<S>; readonly input: Linear };

/**
 * Projects the input before the cell sees it (InputProjectionWrapper of tf.contrib.rnn):
 *
 *     y, s' = cell(x·W + b, s)
 *
 * With a bias, and without an activation if none is chosen. Initial values: W glorot uniform, b 0.
 */
export class InputProjectionWrapper<S extends State> extends WeightedWrapper<S, Weights<S>> {
  private readonly size: number;
  private readonly activation: ActivationFunction;

  constructor(
    cell: RNNCell<S>,
    { inputProjectionSize, projectionActivation = defaults.projectionActivation }: InputProjectionOptions,
  ) {
    super('InputProjectionWrapper', cell);
    this.activation = activationOf(projectionActivation);
    this.size = checkUnits(inputProjectionSize, 'InputProjectionWrapper');
  }

  protected createWeights(inputSize: number, random: Random): Weights<S> {
    return {
      cell: this.cell.build(this.size, random.fork('cell')),
      input: new Linear(inputSize, this.size, random.fork('input')),
    };
  }

  call(x: tf.Tensor2D, state: S, pass: Pass = inference): Step<S> {
    const { cell, input } = this.weightsFor(x, state);
    return cell.call(this.activation(input.call(x)) as tf.Tensor2D, state, pass);
  }
}

const settings = {
  inputProjectionSize: integer(1, 4096, 64, {
    description: 'width of the projected input of each cell',
    unit: 'units',
  }),
  projectionActivation,
};
const defaults = defaultsOf(settings);

export const inputProjectionKind = wrapperKind(
  'inputProjection',
  settings,
  (chosen, cell) => new InputProjectionWrapper(cell, chosen),
);
