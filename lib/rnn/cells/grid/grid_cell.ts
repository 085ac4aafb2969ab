import { range } from '../../../base/range';
import type { Random } from '../../../base/random';
import { defaultsOf, withDefaults } from '../../../settings/defaults';
import { BaseCell } from '../../base_cell';
import type { RNNCell, State, StateSize } from '../../cell';
import { activationOf } from '../../layers/activations';
import { gridSettings, GridDimensions, type GridDesign, type GridOptions } from './grid_dimensions';

const defaults: Required<GridOptions> = defaultsOf(gridSettings);

/** What the cells in a grid of several dimensions have in common: all but the order of the dimensions in a time step. */
export abstract class GridCell<
  Inner extends RNNCell,
  Size extends StateSize,
  S extends readonly State[],
> extends BaseCell<S, GridDimensions<Inner>> {
  readonly outputSize: number;
  /** Of each dimension; without dimension 0 where that is not recurrent. */
  readonly stateSize: readonly Size[];
  private readonly design: GridDesign<Inner>;

  constructor(
    design: Omit<GridDesign<Inner & { readonly stateSize: Size }>, 'tied' | 'depthActivation'>,
    options: GridOptions,
  ) {
    super();
    const { tied, nonRecurrentFn } = withDefaults(defaults, options);
    const depthActivation = nonRecurrentFn === 'none' ? undefined : activationOf(nonRecurrentFn);
    const { stateSize } = design.create(); // which refuses impossible options
    this.design = { ...design, tied, depthActivation };
    this.outputSize = design.units;
    this.stateSize = range(design.numDimensions - (depthActivation ? 1 : 0)).map(() => stateSize);
  }

  protected createWeights(inputSize: number, random: Random): GridDimensions<Inner> {
    return new GridDimensions(this.design, inputSize, random);
  }
}
