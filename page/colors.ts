/** Numbers as colours: those of the notebooks' charts. */
import { channels, colors } from '../lib/charts/parts/theme';

type Rgba = readonly [number, number, number, number];

const dark = channels(colors.slate);
const light = channels(colors.onDark);
const above = channels(colors.vermilion);
const below = channels(colors.blue);

/** A pixel: 0 is slate, 255 white. */
export function grey(pixel: number): Rgba {
  const [r, g, b] = dark.map((from, i) => Math.round(from + (pixel / 255) * (light[i] - from)));
  return [r, g, b, 255];
}

/** Vermilion above zero, blue below; at zero the page shines through. @param value -1..1 */
export function signed(value: number): Rgba {
  const [r, g, b] = value < 0 ? below : above;
  return [r, g, b, Math.round(255 * Math.min(1, Math.abs(value)))];
}

/** One pixel of the canvas for each cell; CSS makes them large. */
export function paint(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  colorAt: (x: number, y: number) => Rgba,
): void {
  Object.assign(canvas, { width, height });
  const picture = new ImageData(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) picture.data.set(colorAt(x, y), (y * width + x) * 4);
  }
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
}
