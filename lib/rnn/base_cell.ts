import { UserError } from '../base/errors';
import type { Random } from '../base/random';
import type { tf } from '../tfjs/tensorflow';
import type { RNNCell, State, StateSize, Step, Variables } from './cell';
import { checkBuild, checkStep } from './checks';
import type { Pass } from './pass';
import { variablesOf, type Weights } from './weights';
import { zeros } from './zeros';

/**
 * A cell with weights. What is left for a cell to say is its sizes, the weights that `build` makes, and in `call` the
 * equations of a time step. The names of the weights, in `variables` and in checkpoints, follow from their tree.
 */
export abstract class BaseCell<S extends State, W extends Weights> implements RNNCell<S> {
  abstract readonly outputSize: number;
  abstract readonly stateSize: StateSize | undefined;
  private built?: { readonly inputSize: number; readonly weights: W };

  get inputSize(): number | undefined {
    return this.built?.inputSize;
  }

  get variables(): Variables {
    return this.built ? variablesOf(this.built.weights) : {};
  }

  build(inputSize: number, random: Random): this {
    checkBuild(this.constructor.name, inputSize, random);
    this.built = { inputSize, weights: this.createWeights(inputSize, random) };
    return this;
  }

  zeroState(batchSize: number): S {
    return zeros(this.stateSize as StateSize, batchSize);
  }

  abstract call(x: tf.Tensor2D, state: S, pass?: Pass): Step<S>;

  /** Draw the initial weights, each from a fork of `random` of its own. */
  protected abstract createWeights(inputSize: number, random: Random): W;

  /** @throws UserError before `build` */
  protected get weights(): W {
    if (this.built) return this.built.weights;
    throw new UserError(
      `Expected a built ${this.constructor.name}, found one without weights: call build(inputSize, ` +
        'createRandom(seed)) on the outermost cell first',
    );
  }

  /**
   * The weights, for a time step with these inputs and this state.
   * @param dtype of the inputs
   * @throws UserError before `build`, and for inputs or a state that do not fit
   */
  protected weightsFor(x: tf.Tensor2D, state: S, dtype?: tf.DataType): W {
    const { weights } = this;
    checkStep(this.constructor.name, this, x, state, dtype);
    return weights;
  }
}
