/** Where the ink is in a picture of any colours. */
import type { Picture } from './prepare';

/** As a canvas gives it: red, green, blue and opacity of each pixel, 0..255. */
interface Photo {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/**
 * Whatever differs from the paper, which is what most of the edge looks like: dark on light or light on dark. The
 * difference that is largest becomes full ink; faint ones, of shadows and of compression, none.
 */
export function inkOf({ data, width, height }: Photo): Picture {
  const brightness = Float32Array.from(
    { length: width * height },
    (_, i) => 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2],
  );
  const edge = brightness.filter((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });
  const paper = edge.sort()[Math.floor(edge.length / 2)];
  const differences = brightness.map(each => Math.abs(each - paper));
  const most = differences.reduce((a, b) => Math.max(a, b), 0);
  const faint = 0.2 * most;
  // A page without anything on it has noise alone.
  if (most < 32) return { pixels: new Uint8Array(width * height), width, height };
  const pixels = Uint8Array.from(differences, each => Math.max(0, (255 * (each - faint)) / (most - faint)));
  return { pixels, width, height };
}
