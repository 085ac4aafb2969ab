/**
 * Many to one: how the outputs of all time steps become the one vector that is classified. A kind here is a choice in
 * the hyperparameters.
 */
import { definesKinds } from '../../settings/kinds';
import type { Random } from '../../base/random';
import { integer } from '../../settings/setting_types';
import type { Variables } from '../cell';
import { tf } from '../../tfjs/tensorflow';
import { glorotVariable } from './initializers';
import { Linear } from './linear';

/** What makes one output of those of all time steps. */
export interface Pooling {
  /** Whether it looks at nothing but the last output. Default false. */
  readonly onlyLast?: boolean;
  /** Everything in it that training changes. */
  readonly variables: Variables;
  /**
   * @param outputs one [batch, outputSize] for each time step; `last` needs none but the last
   * @param lastOutput [batch, outputSize], after the whole sequence was read
   * @returns [batch, outputSize]
   */
  pool(outputs: readonly tf.Tensor2D[], lastOutput: tf.Tensor2D): tf.Tensor2D;
}

const poolingKind = definesKinds<[outputSize: number, random: Random], Pooling>();

/**
 * The output after the whole sequence was read: the original program's. Of two directions it is the forward output of
 * the last time step beside the backward output of the first.
 */
export const lastKind = poolingKind('last', {}, () => ({
  onlyLast: true,
  variables: {},
  pool: (_, lastOutput) => lastOutput,
}));

/** The mean of the outputs of all time steps. */
export const meanKind = poolingKind('mean', {}, () => ({
  variables: {},
  pool: outputs => tf.tidy(() => tf.div<tf.Tensor2D>(tf.addN([...outputs]), outputs.length)),
}));

/**
 * A mean in which each time step has a weight of its own, which the network finds by itself for each example (Yang et
 * al. 2016, "Hierarchical attention networks for document classification", equations 5 to 7):
 *
 *     e_t = v·tanh(h_t·W + b)      h_t: [batch, outputSize], the output of time step t
 *     α   = softmax(e)             over the time steps
 *     result = Σ_t α_t h_t
 *
 * Initial values: W [outputSize, poolingSize] and v [poolingSize] glorot uniform, b 0.
 */
export class AttentionPooling implements Pooling {
  private readonly linear: Linear;
  private readonly vector: tf.Variable<tf.Rank.R1>;

  /** @param poolingSize width of the comparison with v; 0: as wide as the output */
  constructor(outputSize: number, poolingSize: number, random: Random) {
    const size = poolingSize || outputSize;
    this.linear = new Linear(outputSize, size, random.fork('linear'));
    this.vector = glorotVariable([size], random.fork('vector'));
  }

  get variables(): Variables {
    return { ...this.linear.variables, vector: this.vector };
  }

  pool(outputs: readonly tf.Tensor2D[]): tf.Tensor2D {
    const [time, [batch, size]] = [outputs.length, outputs[0].shape];
    return tf.tidy(() => {
      const h = tf.stack([...outputs], 1); // [batch, time, outputSize]
      const compared = tf.tanh(this.linear.call(tf.reshape(h, [batch * time, size]))); // one product for all steps
      const scores = tf.matMul(compared, tf.reshape(this.vector, [-1, 1]));
      const weights = tf.softmax(tf.reshape(scores, [batch, 1, time]));
      return tf.reshape(tf.matMul(weights, h), [batch, size]);
    });
  }
}

export const attentionPoolingKind = poolingKind(
  'attention',
  {
    poolingSize: integer(0, 4096, 0, {
      description: 'width in which outputs are compared; 0: as wide as the output',
      unit: 'units',
    }),
  },
  ({ poolingSize }, outputSize, random) => new AttentionPooling(outputSize, poolingSize, random),
);
