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

/**
 * Brightness of each pixel, 0..255 (ITU-R BT.601).
 * @param ground what shows where the picture is transparent; default white
 */
export function brightnessOf({ data, width, height }: ColorPicture, ground = 255): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) => {
    const [red, green, blue, alpha] = [data[4 * i], data[4 * i + 1], data[4 * i + 2], data[4 * i + 3] / 255];
    return alpha * (0.299 * red + 0.587 * green + 0.114 * blue) + (1 - alpha) * ground;
  });
}

/**
 * Whatever differs from the paper, which is what most of the edge looks like. The largest difference becomes full ink;
 * faint ones, of shadows, noise and lined paper, none. White ink on a transparent ground shows on black alone.
 */
export function inkOf(picture: ColorPicture): Ink {
  const onWhite = inkIn(brightnessOf(picture), picture);
  return isBlank(onWhite) ? inkIn(brightnessOf(picture, 0), picture) : onWhite;
}

const isBlank = ({ pixels, width, height }: Ink) => {
  for (let i = 0; i < width * height; i++) if (pixels[i] > 0) return false;
  return true;
};

function inkIn(brightness: Float32Array, { width, height }: ColorPicture): Ink {
  const edge = brightness.filter((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });
  const paper = quantile(edge, 0.5);
  const inverted = paper >= 128;
  const differences = brightness.map(each => Math.abs(each - paper));
  const most = differences.reduce((a, b) => Math.max(a, b), 0);
  if (most < leastDifference) return { pixels: new Uint8Array(width * height), width, height, inverted };
  // The edge is hardly ever drawn on: what differs there is uneven light, noise or the paper's lines.
  const uneven = quantile(
    edge.map(each => Math.abs(each - paper)),
    0.9,
  );
  const faint = Math.max(0.2 * most, Math.min(1.25 * uneven, 0.6 * most));
  const pixels = Uint8Array.from(differences, each =>
    Math.max(0, Math.round((255 * (each - faint)) / (most - faint))),
  );
  return { pixels, width, height, inverted };
}

/** @param fraction 0..1; 0.5 for the median */
const quantile = (values: Float32Array, fraction: number): number =>
  values.sort()[Math.floor(fraction * values.length)];
