/** What is drawn in a picture, whatever colours it is drawn in. */
import type { Picture } from './prepare';

/** As a PNG decoder or a browser's canvas gives it. */
export interface ColorPicture {
  /** height · width · 4 bytes: red, green, blue, alpha, row after row */
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/** Ink on paper: 0 is paper, 255 is ink. */
export interface Ink extends Picture {
  /** Whether the picture is dark on light. */
  readonly inverted: boolean;
}

/** A picture whose brightness differs less than that has noise alone. */
const leastDifference = 32;

/** Brightness of each pixel, 0..255 (ITU-R BT.601). What is transparent shows white. */
export function brightnessOf({ data, width, height }: ColorPicture): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) => {
    const [red, green, blue, alpha] = [data[4 * i], data[4 * i + 1], data[4 * i + 2], data[4 * i + 3] / 255];
    return alpha * (0.299 * red + 0.587 * green + 0.114 * blue) + (1 - alpha) * 255;
  });
}

/**
 * Whatever differs from the paper, which is what most of the edge looks like. The largest difference becomes full ink;
 * faint ones, of shadows and of compression, none.
 */
export function inkOf(picture: ColorPicture): Ink {
  const { width, height } = picture;
  const brightness = brightnessOf(picture);
  const edge = brightness.filter((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });
  const paper = edge.sort()[Math.floor(edge.length / 2)];
  const inverted = paper >= 128;
  const differences = brightness.map(each => Math.abs(each - paper));
  const most = differences.reduce((a, b) => Math.max(a, b), 0);
  if (most < leastDifference) return { pixels: new Uint8Array(width * height), width, height, inverted };
  const faint = 0.2 * most;
  const pixels = Uint8Array.from(differences, each => Math.max(0, (255 * (each - faint)) / (most - faint)));
  return { pixels, width, height, inverted };
}
