import type { Random } from '../../../base/random';
import type { tf } from '../../../tfjs/tensorflow';
import { built } from '../../built';
import { prefixed, type RNNCell, type State, type StateSize, type Variables } from '../../cell';
import { checkBuild, checkStep } from '../../checks';
import { zeros } from '../../zeros';
import { GridDimensions, type GridOptions } from './grid_dimensions';
import { InputToState } from './input_to_state';

/** What the cells in a grid of several dimensions have in common: all but the order of the dimensions in a time step. */
export abstract class GridCell<
  Inner extends RNNCell,
  Size extends StateSize,
  S extends readonly State[],
> implements RNNCell<S> {
  readonly outputSize: number;
  /** Of each dimension; without dimension 0 where that is not recurrent. */
  readonly stateSize: readonly Size[];
  inputSize?: number;
  protected readonly grid: GridDimensions<Inner>;
  private project?: InputToState;

  /**
   * @param name of the class, for errors
   * @param innerName of the weights of a dimension's cell
   * @param memory whether the input takes the place of a memory c, too
   */
  constructor(
    private readonly name: string,
    units: number,
    numDimensions: number,
    innerName: string,
    create: () => Inner & { readonly stateSize: Size },
    private readonly memory: boolean,
    options: GridOptions,
  ) {
    const grid = new GridDimensions(units, numDimensions, innerName, create, options);
    this.grid = grid;
    this.outputSize = units;
    this.stateSize = grid.cells.map(({ stateSize }) => stateSize).slice(grid.depthIsRecurrent ? 0 : 1);
  }

  get variables(): Variables {
    if (!this.project) return {};
    return { ...prefixed('project', this.project.variables), ...this.grid.variables };
  }

  build(inputSize: number, random: Random): this {
    this.inputSize = checkBuild(this.name, inputSize, random);
    const memory = this.memory && this.grid.depthIsRecurrent;
    this.project = new InputToState(inputSize, this.outputSize, random.fork('project'), { memory });
    this.grid.build(random);
    return this;
  }

  zeroState(batchSize: number): S {
    return zeros(this.stateSize, batchSize);
  }

  /** How x takes the place of dimension 0's state. @throws UserError for a state or input that does not fit */
  protected projection(x: tf.Tensor2D, state: S): InputToState {
    const project = built(this.project, this.name);
    checkStep(this.name, this, x, state);
    return project;
  }

  abstract call(x: tf.Tensor2D, state: S): { output: tf.Tensor2D; state: S };
}
