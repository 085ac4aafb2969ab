/** What in a picture may not be what its owner takes it for. */
import type { Ink } from './ink';

/** Less ink than that, 0..255, is none: what is left of a soft edge. */
const leastInk = 26;

/** Of a drawing's larger side, as a fraction of the picture's shorter one. */
const smallest = 0.05;
/** Of ink in the whole picture; strokes cover less than that. */
const mostInk = 0.5;
/** What a neighbour must have of all ink to be an object of its own: beside the drawing, and above or below it. */
const [leastBeside, leastBelow] = [0.12, 0.3];

/** In words; none where nothing is suspicious. */
export function warningsOf({ pixels, width, height }: Ink): string[] {
  const columns = new Float64Array(width);
  const rows = new Float64Array(height);
  for (let i = 0; i < width * height; i++) {
    if (pixels[i] < leastInk) continue;
    columns[i % width]++;
    rows[Math.floor(i / width)]++;
  }
  const ink = columns.reduce((a, b) => a + b, 0);
  if (ink > mostInk * width * height) {
    return [
      `${Math.round((100 * ink) / (width * height))} % of the picture is taken for ink: the ground is what most of the ` +
        'edge looks like; cut off a frame around the drawing',
    ];
  }
  const [wide, high] = [extentOf(columns), extentOf(rows)];
  if (Math.max(wide, high) < smallest * Math.min(width, height)) {
    return [
      `hardly anything is drawn: ${high} × ${wide} of ${height} × ${width} pixels; crop the picture to it`,
    ];
  }
  const [beside, below] = [groupsOf(columns, leastBeside * ink), groupsOf(rows, leastBelow * ink)];
  return [
    ...(beside > 1 ? [`${beside} objects beside each other are read as one: cut them apart`] : []),
    ...(below > 1 ? [`${below} objects below each other are read as one: cut them apart`] : []),
    ...(wide === width || high === height
      ? [
          'ink from edge to edge: if it is a frame, a line or a shadow and not the drawing, crop the picture or ' +
            'photograph it in even light',
        ]
      : []),
  ];
}

/** From the first line with ink to the last. */
function extentOf(lines: Float64Array): number {
  const first = lines.findIndex(each => each > 0);
  return first < 0 ? 0 : lines.findLastIndex(each => each > 0) - first + 1;
}

/** Lines with ink that empty ones part from others, if they have so much. */
function groupsOf(lines: Float64Array, least: number): number {
  let [groups, sum] = [0, 0];
  for (const each of [...lines, 0]) {
    if (each === 0 && sum >= least && sum > 0) groups++;
    sum = each === 0 ? 0 : sum + each;
  }
  return groups;
}

/** Of a picture that is taken as it is. */
export const lightGround =
  'the edge is light: networks are trained on light ink on black; invert the picture, or scale it to another size, then ' +
  'it is prepared';
