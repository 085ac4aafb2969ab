import { round } from '../../base/format';

/**
 * The pixels that are not read after step t, as one path of rectangles: one for each run of neighbours in a row, as many
 * rows high as are alike.
 * @param reads `reads[step]`: the pixels that are read then, by their index
 * @param place of the image's corner, and the size of a pixel; default: one unit for each pixel
 */
export function coverPath(
  reads: readonly (readonly number[])[],
  t: number,
  columns: number,
  { x: left, y: top, pixel: size }: { x: number; y: number; pixel: number } = { x: 0, y: 0, pixel: 1 },
): string {
  const unread = new Set(reads.slice(t + 1).flat());
  for (const pixel of reads.slice(0, t + 1).flat()) unread.delete(pixel);
  const rectangles: { from: number; to: number; above: number; below: number }[] = [];
  for (const pixel of [...unread].sort((a, b) => a - b)) {
    const [row, column] = [Math.floor(pixel / columns), pixel % columns];
    const last = rectangles[rectangles.length - 1] as (typeof rectangles)[number] | undefined;
    if (last?.above === row && last.to === column) last.to++;
    else rectangles.push({ from: column, to: column + 1, above: row, below: row + 1 });
  }
  const merged: typeof rectangles = [];
  for (const each of rectangles) {
    const neighbour = merged.find(
      ({ from, to, below }) => from === each.from && to === each.to && below === each.above,
    );
    if (neighbour) neighbour.below = each.below;
    else merged.push(each);
  }
  const [x, y] = [left, top].map(start => (cell: number) => round(start + size * cell));
  const rectangle = (each: (typeof merged)[number]) =>
    `M${x(each.from)},${y(each.above)}H${x(each.to)}V${y(each.below)}H${x(each.from)}Z`;
  // Without a pixel: a point, for a path may not be empty.
  return merged.map(rectangle).join('') || `M${x(0)},${y(0)}Z`;
}
