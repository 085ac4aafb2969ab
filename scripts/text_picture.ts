import type { InspectedImage } from '../lib/inspect/image';

/** From paper to full ink. */
const shades = [...' ░▒▓█'];

/** An image for a terminal: two rows of pixels are a line, as characters are about twice as high as wide. */
export function textPicture({ pixels, rows, columns }: InspectedImage): string[] {
  const lines: string[] = [];
  for (let row = 0; row < rows; row += 2) {
    const below = Math.min(row + 1, rows - 1);
    let line = '';
    for (let column = 0; column < columns; column++) {
      const mean = (pixels[row * columns + column] + pixels[below * columns + column]) / 2;
      line += shades[Math.round((mean / 255) * (shades.length - 1))];
    }
    lines.push(line.trimEnd());
  }
  return lines;
}
