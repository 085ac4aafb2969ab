import { tf } from '../tensorflow';

/**
 * One forward pass through a network: says whether dropout is on, and hands out the seeds of its masks.
 * Randomness is an argument here, never a hidden state: the same seed gives the same masks.
 */
export class Pass {
  private draws = 0;

  /** @param seed int32 [2]; without it the pass is for inference: nothing is dropped */
  constructor(private readonly seed?: tf.Tensor1D) {}

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

  /** A fresh seed, int32 [2], for each mask of this pass. */
  nextSeed(): tf.Tensor1D {
    if (!this.seed) throw new Error('A pass for inference has no seeds: ask `training` first');
    return tf.add(this.seed, tf.tensor1d([this.draws++, 0], 'int32'));
  }
}

/** Without dropout: for evaluation and prediction. */
export const inference = new Pass();
