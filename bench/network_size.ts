/** What the contenders build: the post's network and training step, in this size. */
export interface NetworkSize {
  readonly numLayers: number;
  /** Units in each layer. */
  readonly numHidden: number;
  /** Images in a training step. */
  readonly batchSize: number;
}

/** The post's own. */
export const postSize: NetworkSize = { numLayers: 3, numHidden: 200, batchSize: 64 };

/** Of an MNIST image: one row is one time step. */
const [rows, columns] = [28, 28];

/**
 * Floating-point operations in the matrix products of one training step; all else is small beside them.
 *
 * A GRU layer with n inputs and h units multiplies [x, h] (n + h numbers) by the gates' matrix (2h columns), and
 * [x, r ⊙ h] by the candidate's (h columns): (n + h) · 3h multiplications and as many additions for each image and
 * time step. The way back multiplies twice as often: once for the gradient of the input, once for that of the
 * weights. For the post's network that is
 *   weights      228 · 600 + 2 · 400 · 600 = 616,800
 *   forward      2 · 616,800 · 64 images · 28 steps = 2.21 GFLOP
 *   all          3 · 2.21 = 6.63 GFLOP
 * (The output layer's 2,000 weights are used once for each image, and are left out; so is the gradient of the images,
 * which nobody asks for and which would be subtracted: 4 % of the whole.)
 */
export function stepFlops({ numLayers, numHidden, batchSize }: NetworkSize): number {
  const weights = (inputs: number) => (inputs + numHidden) * 3 * numHidden;
  const all = weights(columns) + (numLayers - 1) * weights(numHidden);
  return 3 * 2 * all * batchSize * rows;
}
