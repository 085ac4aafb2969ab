import { UserError } from '../../base/errors';
import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';
import type { RNNCell, State, Step } from '../cell';
import { checkInteger } from '../checks';
import { createVariable } from '../layers/initializers';
import { inference, type Pass } from '../pass';
import { WeightedWrapper } from './weighted_wrapper';

/** Options of an `EmbeddingWrapper`. */
export interface EmbeddingOptions {
  /** How many symbols there are: the inputs are integers from 0 to embeddingClasses − 1. */
  embeddingClasses: number;
  /** Width of the vector that stands for a symbol. */
  embeddingSize: number;
}

type Weights<S extends State> = { readonly cell: RNNCell<S>; readonly embedding: tf.Variable<tf.Rank.R2> };

/**
 * Reads symbols: each is an integer, and stands for a vector that is learned (Bengio et al. 2003; EmbeddingWrapper of
 * tensorflow/contrib/rnn/python/ops/core_rnn_cell.py):
 *
 *     y, s' = cell(E[x], s)      x: [batch, 1] int32; E: [embeddingClasses, embeddingSize]
 *
 * The state is the inner cell's own. Initial values: E uniform ±√3, so that its variance is 1.
 */
export class EmbeddingWrapper<S extends State> extends WeightedWrapper<S, Weights<S>> {
  private readonly options: EmbeddingOptions;

  constructor(cell: RNNCell<S>, { embeddingClasses, embeddingSize }: EmbeddingOptions) {
    super('EmbeddingWrapper', cell);
    this.options = {
      embeddingClasses: checkInteger("EmbeddingWrapper's embeddingClasses", embeddingClasses, 1),
      embeddingSize: checkInteger("EmbeddingWrapper's embeddingSize", embeddingSize, 1),
    };
  }

  readonly inputType = 'int32';

  get fused(): boolean {
    return this.cell.fused ?? false;
  }

  /** @param inputSize 1: a symbol at each time step */
  protected createWeights(inputSize: number, random: Random): Weights<S> {
    if (inputSize !== 1) {
      throw new UserError(
        `Expected EmbeddingWrapper to read one symbol at each time step, build(1, random), found ${inputSize} ` +
          'features: read them one after the other, such as pixels',
      );
    }
    const { embeddingClasses, embeddingSize } = this.options;
    const [limit, seed] = [Math.sqrt(3), random.fork('embedding').integer(2 ** 31)];
    return {
      cell: this.cell.build(embeddingSize, random.fork('cell')),
      embedding: createVariable(() =>
        tf.randomUniform([embeddingClasses, embeddingSize], -limit, limit, 'float32', seed),
      ),
    };
  }

  /** @param symbols [batch, 1] int32 */
  call(symbols: tf.Tensor2D, state: S, pass: Pass = inference): Step<S> {
    const { cell, embedding } = this.weightsFor(symbols, state, 'int32');
    return cell.call(this.lookUp(embedding, symbols), state, pass);
  }

  /** @returns [batch, embeddingSize] */
  private lookUp(embedding: tf.Tensor2D, symbols: tf.Tensor2D): tf.Tensor2D {
    try {
      return tf.gather(embedding, tf.reshape(symbols, [-1]));
    } catch (error) {
      const wrong = /(?:index value|indices\[\d+\] =) (-?\d+) is not in/.exec(String(error))?.[1];
      if (wrong === undefined) throw error;
      throw new UserError(
        `Expected symbols from 0 to ${this.options.embeddingClasses - 1}, found ${wrong}: embeddingClasses is their number`,
      );
    }
  }
}
