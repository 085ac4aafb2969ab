/** What the cells of tf.contrib.grid_rnn have in common: for each dimension of the grid a cell, or one for all. */
import type { Random } from '../../../base/random';
import { range } from '../../../base/range';
import { flag, oneOf } from '../../../settings/setting_types';
import { tf } from '../../../tfjs/tensorflow';
import {
  activationNames,
  activationOf,
  type Activation,
  type ActivationFunction,
} from '../../layers/activations';
import { built } from '../../built';
import { prefixed, type RNNCell, type Variables } from '../../cell';
import { Linear } from '../../layers/linear';

export interface GridOptions {
  /** One set of weights for all dimensions that have a cell. Default false. */
  tied?: boolean;
  /**
   * With an activation, dimension 0 has no cell and no state: h0' = fn([h0, h1', …]·W + b) (Kalchbrenner et al. 2015,
   * section 3.3). Default 'none': it has a cell like the others.
   */
  nonRecurrentFn?: Activation | 'none';
}

/** The weights of a grid, and the dimensions' cells: each reads h of all dimensions, the last in the place of its own. */
export class GridDimensions<Cell extends RNNCell> {
  /** By dimension; all the same one where they are tied. */
  readonly cells: readonly Cell[];
  /** Whether dimension 0 has a cell. */
  readonly depthIsRecurrent: boolean;
  /** By name: `lstm` where they are tied, else `lstm_0`, … */
  private readonly named: Readonly<Record<string, Cell>>;
  private readonly activation: ActivationFunction;
  private linear?: Linear;

  constructor(
    private readonly units: number,
    numDimensions: number,
    name: string,
    create: () => Cell,
    { tied = false, nonRecurrentFn = 'none' }: GridOptions,
  ) {
    this.depthIsRecurrent = nonRecurrentFn === 'none';
    this.activation = activationOf(nonRecurrentFn === 'none' ? 'linear' : nonRecurrentFn);
    const shared = create();
    this.cells = range(numDimensions).map(() => (tied ? shared : create()));
    const entries = this.cells.map((cell, d) => [`${name}_${d}`, cell] as const);
    this.named = tied ? { [name]: shared } : Object.fromEntries(entries.slice(this.depthIsRecurrent ? 0 : 1));
  }

  get variables(): Variables {
    const all = Object.entries(this.named).map(([name, cell]) => prefixed(name, cell.variables));
    return Object.assign(
      {},
      ...all,
      this.linear && prefixed('non_recurrent', this.linear.variables),
    ) as Variables;
  }

  build(random: Random): void {
    const others = (this.cells.length - 1) * this.units;
    for (const [name, cell] of Object.entries(this.named)) cell.build(others, random.fork(name));
    if (this.depthIsRecurrent) return;
    this.linear = new Linear(others + this.units, this.units, random.fork('non_recurrent'));
  }

  /** Dimension 0 without a cell. @param hidden h of all dimensions, [batch, units] each; @returns h0' [batch, units] */
  nonRecurrent(hidden: readonly tf.Tensor2D[]): tf.Tensor2D {
    const linear = built(this.linear, 'grid');
    return this.activation(linear.call(tf.concat([...hidden], 1))) as tf.Tensor2D;
  }
}

export const gridSettings = {
  tied: flag(false, { description: 'one set of weights for all dimensions' }),
  nonRecurrentFn: oneOf(['none', ...activationNames], 'none', {
    description: 'activation of a dimension 0 that has no state; none: it has one',
  }),
};
