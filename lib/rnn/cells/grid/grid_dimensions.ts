/** What the cells of tf.contrib.grid_rnn have in common: for each dimension of the grid a cell, or one for all. */
import type { Random } from '../../../base/random';
import { range } from '../../../base/range';
import { flag, oneOf } from '../../../settings/setting_types';
import { tf } from '../../../tfjs/tensorflow';
import { activationNames, type Activation, type ActivationFunction } from '../../layers/activations';
import type { RNNCell, Variables } from '../../cell';
import { Linear } from '../../layers/linear';
import { variablesOf, type HasVariables } from '../../weights';
import { InputToState } from './input_to_state';

export interface GridOptions {
  /** One set of weights for all dimensions that have a cell. Default false. */
  tied?: boolean;
  /**
   * With an activation, dimension 0 has no cell and no state: h0' = fn([h0, h1', …]·W + b) (Kalchbrenner et al. 2015,
   * section 3.3). Default 'none': it has a cell like the others.
   */
  nonRecurrentFn?: Activation | 'none';
}

/** What a grid is made of, before it has weights. */
export interface GridDesign<Inner extends RNNCell> {
  readonly units: number;
  readonly numDimensions: number;
  /** Of a dimension's weights: `lstm` where they are tied, else `lstm_0`, … */
  readonly innerName: string;
  readonly create: () => Inner;
  /** Whether the input takes the place of a memory c, too. */
  readonly memory: boolean;
  readonly tied: boolean;
  /** Of a dimension 0 without a cell; undefined where it has one. */
  readonly depthActivation?: ActivationFunction;
}

/** The weights of a grid: the dimensions' cells, which each read h of all dimensions, the last in the place of its own. */
export class GridDimensions<Inner extends RNNCell> implements HasVariables {
  /** How the input takes the place of dimension 0's state. */
  readonly project: InputToState;
  /** By dimension; all the same one where they are tied. */
  readonly cells: readonly Inner[];
  /** Dimension 0 where it has no cell: from h of all dimensions, [batch, units] each, to h0' [batch, units]. */
  readonly nonRecurrent?: (hidden: readonly tf.Tensor2D[]) => tf.Tensor2D;
  readonly variables: Variables;

  constructor(design: GridDesign<Inner>, inputSize: number, random: Random) {
    const { units, numDimensions, innerName, create, depthActivation, tied } = design;
    const others = (numDimensions - 1) * units;
    const memory = design.memory && !depthActivation;
    this.project = new InputToState(inputSize, units, random.fork('project'), { memory });
    const shared = create();
    this.cells = range(numDimensions).map(() => (tied ? shared : create()));
    const first = depthActivation ? 1 : 0;
    const byDimension = this.cells.map((cell, d) => [`${innerName}_${d}`, cell] as const).slice(first);
    const named = tied ? [[innerName, shared] as const] : byDimension;
    for (const [name, cell] of named) cell.build(others, random.fork(name));
    const linear = depthActivation && new Linear(others + units, units, random.fork('non_recurrent'));
    if (linear) {
      this.nonRecurrent = hidden => depthActivation(linear.call(tf.concat([...hidden], 1))) as tf.Tensor2D;
    }
    const cells = Object.fromEntries(named);
    this.variables = variablesOf({ project: this.project, ...cells, non_recurrent: linear });
  }
}

export const gridSettings = {
  tied: flag(false, { description: 'one set of weights for all dimensions' }),
  nonRecurrentFn: oneOf(['none', ...activationNames], 'none', {
    description: 'activation of a dimension 0 that has no state; none: it has one',
  }),
};
