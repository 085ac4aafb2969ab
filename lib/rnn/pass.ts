import { tf } from '../tfjs/tensorflow';

/**
 * One forward pass through a network: says whether dropout is on, and hands out the seeds of its masks.
 * Randomness is an argument here, never a hidden state: the same seed gives the same masks.
 */
export class Pass {
  private draws = 0;

  /**
   * @param seed int32 [2]; without it the pass is for inference: nothing is dropped
   * @param sequenceSeed int32 [2], of the masks that stay the same over a sequence. Default: seed
   * @param gates whether somebody looks at the gates: then each step is computed by its equations, never by one kernel
   */
  constructor(
    private readonly seed?: tf.Tensor1D,
    readonly sequenceSeed: tf.Tensor1D | undefined = seed,
    readonly gates = false,
  ) {}

  get training(): boolean {
    return this.seed !== undefined;
  }

  /** How many seeds were handed out. */
  get drawn(): number {
    return this.draws;
  }

  /** Leave out so many seeds: another pass, with the same start, draws them. */
  skip(count: number): void {
    this.draws += count;
  }

  /**
   * The seed, int32 [2], of a mask that is the same at each time step.
   * @param salt an integer from 0 to 2^31 − 1 that tells the masks of a network apart
   */
  fixedSeed(salt: number): tf.Tensor1D {
    if (!this.sequenceSeed) throw new Error('A pass for inference has no seeds: ask `training` first');
    // Far from every step of training, the second number, so that no fresh seed is the same.
    return tf.sub(this.sequenceSeed, tf.tensor1d([salt, -(2 ** 30)], 'int32'));
  }

  /** A fresh seed, int32 [2], for each mask of this pass. */
  nextSeed(): tf.Tensor1D {
    if (!this.seed) throw new Error('A pass for inference has no seeds: ask `training` first');
    return tf.add(this.seed, tf.tensor1d([this.draws++, 0], 'int32'));
  }
}

/** Without dropout: for evaluation and prediction. */
export const inference = new Pass();

/** As `inference`, and each step also gives its gates. */
export const inspection = new Pass(undefined, undefined, true);
