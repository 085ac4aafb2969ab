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
 * time step. The backward pass multiplies twice as often: once for the gradient of the input, once for that of the
 * weights. At the first time step h is zero: what multiplies it need not be computed, nor need the gradient of the
 * images. For the post's network and one image that is
 *   by x         28 steps · (28 + 200 + 200) · 600 = 7.19 million multiplications
 *   by h         27 steps · 3 · 200 · 600          = 9.72 million
 *   all          3 · (7.19 + 9.72) million, less 28 · 28 · 600 for the images = 50.3 million
 *   64 images    2 · 64 · 50.3 million = 6.43 GFLOP
 * (The output layer's 2,000 weights are used once for each image, and are left out.)
 */
export function stepFlops({ numLayers, numHidden, batchSize }: NetworkSize): number {
  const gates = 3 * numHidden;
  const byImages = rows * columns * gates;
  const byInputs = byImages + rows * (numLayers - 1) * numHidden * gates;
  const byStates = (rows - 1) * numLayers * numHidden * gates;
  return 2 * batchSize * (3 * (byInputs + byStates) - byImages);
}
