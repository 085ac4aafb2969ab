import { UserError } from '../../base/errors';
import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';
import { built } from '../built';
import { prefixed, type RNNCell, type State, type StateSize, type Variables } from '../cell';
import { checkBuild, checkCell, checkInteger, checkStep } from '../checks';
import { inference, type Pass } from '../pass';

export interface EmbeddingOptions {
  /** How many symbols there are: the inputs are integers from 0 to embeddingClasses − 1. */
  embeddingClasses: number;
  /** Width of the vector that stands for a symbol. */
  embeddingSize: number;
}

/**
 * Reads symbols: each is an integer, and stands for a vector that is learned (Bengio et al. 2003; EmbeddingWrapper of
 * tensorflow/contrib/rnn/python/ops/core_rnn_cell.py):
 *
 *     y, s' = cell(E[x], s)      x: [batch, 1] int32; E: [embeddingClasses, embeddingSize]
 *
 * The state is the inner cell's own. Initial values: E uniform ±√3, so that its variance is 1.
 */
export class EmbeddingWrapper<S extends State> implements RNNCell<S> {
  inputSize?: number;
  private readonly options: EmbeddingOptions;
  private embedding?: tf.Variable<tf.Rank.R2>;

  constructor(
    private readonly cell: RNNCell<S>,
    { embeddingClasses, embeddingSize }: EmbeddingOptions,
  ) {
    checkCell('EmbeddingWrapper', cell);
    this.options = {
      embeddingClasses: checkInteger("EmbeddingWrapper's embeddingClasses", embeddingClasses, 1),
      embeddingSize: checkInteger("EmbeddingWrapper's embeddingSize", embeddingSize, 1),
    };
  }

  get outputSize(): number {
    return this.cell.outputSize;
  }

  get stateSize(): StateSize | undefined {
    return this.cell.stateSize;
  }

  get fused(): boolean {
    return this.cell.fused ?? false;
  }

  get variables(): Variables {
    if (!this.embedding) return {};
    return { ...prefixed('cell', this.cell.variables), embedding: this.embedding };
  }

  /** @param inputSize 1: a symbol at each time step */
  build(inputSize: number, random: Random): this {
    checkBuild('EmbeddingWrapper', inputSize, random);
    if (inputSize !== 1) {
      throw new UserError(
        `Expected EmbeddingWrapper to read one symbol at each time step, build(1, random), found ${inputSize} ` +
          'features: read them one after the other, such as pixels',
      );
    }
    const { embeddingClasses, embeddingSize } = this.options;
    this.cell.build(embeddingSize, random.fork('cell'));
    const [limit, seed] = [Math.sqrt(3), random.fork('embedding').integer(2 ** 31)];
    this.embedding = tf.tidy(() =>
      tf.variable(tf.randomUniform([embeddingClasses, embeddingSize], -limit, limit, 'float32', seed)),
    );
    this.inputSize = inputSize;
    return this;
  }

  zeroState(batchSize: number): S {
    return this.cell.zeroState(batchSize);
  }

  /** @param symbols [batch, 1] int32 */
  call(symbols: tf.Tensor2D, state: S, pass: Pass = inference): { output: tf.Tensor2D; state: S } {
    const embedding = built(this.embedding, 'EmbeddingWrapper');
    checkStep('EmbeddingWrapper', this, symbols, state, 'int32');
    return this.cell.call(this.lookUp(embedding, symbols), state, pass);
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
