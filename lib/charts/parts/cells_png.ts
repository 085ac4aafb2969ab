import { PNG } from 'pngjs';

/** Pixels of the PNG for each cell, so that browsers have nothing to smooth. */
export interface CellSize {
  readonly width: number;
  readonly height: number;
  /** Transparent pixels at the right and at the bottom of each cell, which are part of it. Default 0. */
  readonly gap?: number;
}

/**
 * A grid of coloured cells as a PNG in a data URI: charts are drawn without a canvas, where Plotly has no heat maps.
 * @param colorOf red, green, blue and opacity, each 0..255; without the opacity the cell is opaque
 */
export function cellsPng(
  columns: number,
  rows: number,
  { width, height, gap = 0 }: CellSize,
  colorOf: (column: number, row: number) => readonly number[],
): string {
  const png = new PNG({ width: columns * width, height: rows * height });
  const pixels = new Uint32Array(png.data.buffer, png.data.byteOffset, png.width * png.height);
  const color = new Uint8Array(4);
  const word = new Uint32Array(color.buffer);
  let transparent = gap > 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [red, green, blue, opacity = 255] = colorOf(column, row);
      transparent ||= opacity < 255;
      [color[0], color[1], color[2], color[3]] = [red, green, blue, opacity];
      for (let y = 0; y < height - gap; y++) {
        const start = (row * height + y) * png.width + column * width;
        pixels.fill(word[0], start, start + width - gap);
      }
    }
  }
  const bytes = PNG.sync.write(png, { colorType: transparent ? 6 : 2 });
  return `data:image/png;base64,${bytes.toString('base64')}`;
}
