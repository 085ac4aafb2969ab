/** An image of MNIST's kind as the pen strokes that it was made of: large, and with sharp edges. */

/**
 * A grey level of MNIST is the fraction of a pixel's area that ink covered. So the image is upscaled to a smooth picture
 * whose means over those areas are its grey levels, and what is above half of full ink becomes ink: opaque, with sharp
 * edges, and no grey level is left. An interpolation alone would blur the image once more, and thin strokes would be lost.
 * Method: iterative back-projection (M. Irani and S. Peleg, "Improving Resolution by Image Registration", 1991), with the
 * cubic filter of D. Mitchell and A. Netravali (1988).
 *
 * It runs in the browser by its source, so it needs nothing from outside.
 * @param image [rows · columns] bytes
 * @param scale pixels of the drawing for each of the image's, in both directions
 * @returns [rows · scale · columns · scale] bytes: 0 or 255
 */
export function penStrokes(image: Uint8Array, rows: number, columns: number, scale: number): Uint8Array {
  const width = columns * scale;
  const rounds = 4;
  const cubic = (signed: number) => {
    const x = Math.abs(signed);
    if (x < 1) return (7 * x ** 3 - 12 * x ** 2 + 16 / 3) / 6;
    return x < 2 ? (-(7 / 3) * x ** 3 + 12 * x ** 2 - 20 * x + 32 / 3) / 6 : 0;
  };
  /** Along one side, for each pixel of the drawing: the pixels of the image near it, and their weights. */
  const near = (length: number) =>
    Array.from({ length: length * scale }, (_, i) => {
      const centre = (i + 0.5) / scale - 0.5;
      return [-1, 0, 1, 2]
        .map(step => Math.floor(centre) + step)
        .filter(place => place >= 0 && place < length)
        .map(place => ({ place, weight: cubic(centre - place) }));
    });
  const [across, down] = [near(columns), near(rows)];
  const upscale = (goal: Float32Array) => {
    const wide = new Float32Array(rows * width);
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < width; x++) {
        for (const { place, weight } of across[x]) wide[y * width + x] += weight * goal[y * columns + place];
      }
    }
    const large = new Float32Array(rows * scale * width);
    down.forEach((weights, y) => {
      for (const { place, weight } of weights) {
        for (let x = 0; x < width; x++) large[y * width + x] += weight * wide[place * width + x];
      }
    });
    return large;
  };
  const goal = Float32Array.from(image);
  for (let round = 0; round < rounds; round++) {
    const means = new Float32Array(goal.length);
    upscale(goal).forEach((value, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      const pixel = Math.floor(y / scale) * columns + Math.floor(x / scale);
      means[pixel] += Math.max(0, Math.min(255, value)) / scale ** 2;
    });
    means.forEach((mean, pixel) => (goal[pixel] += image[pixel] - mean));
  }
  return Uint8Array.from(upscale(goal), value => (value > 127.5 ? 255 : 0));
}
