/** Names beside the marks of a chart, such that none covers another or a mark. All in pixels, y downwards. */

/** A mark, with the ends of its bar. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly top: number;
  readonly bottom: number;
}

export interface PlacedLabel {
  readonly xanchor: 'left' | 'center' | 'right';
  readonly yanchor: 'top' | 'middle' | 'bottom';
  /** From the mark to the anchor. */
  readonly dx: number;
  readonly dy: number;
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const distance = 8;
/** Of a mark's size. */
const half = 5;

/** In the order in which they are tried; the last two are beyond the ends of the mark's own bar. */
const placesOf = ({ y, top, bottom }: Mark): PlacedLabel[] => [
  { xanchor: 'left', yanchor: 'middle', dx: distance, dy: 0 },
  { xanchor: 'right', yanchor: 'middle', dx: -distance, dy: 0 },
  { xanchor: 'left', yanchor: 'bottom', dx: 5, dy: -5 },
  { xanchor: 'left', yanchor: 'top', dx: 5, dy: 5 },
  { xanchor: 'right', yanchor: 'bottom', dx: -5, dy: -5 },
  { xanchor: 'right', yanchor: 'top', dx: -5, dy: 5 },
  { xanchor: 'center', yanchor: 'bottom', dx: 0, dy: Math.min(top - y, -half) - 3 },
  { xanchor: 'center', yanchor: 'top', dx: 0, dy: Math.max(bottom - y, half) + 3 },
];

/**
 * Each label gets the first place that is free, those with the fewest neighbours last.
 * @param sizes of the labels
 * @param area that they must stay in
 * @returns undefined for a label that has no free place
 */
export function placeLabels(
  marks: readonly Mark[],
  sizes: readonly { readonly width: number; readonly height: number }[],
  area: Area,
): (PlacedLabel | undefined)[] {
  const taken: Area[] = marks.map(({ x, top, bottom, y }) => ({
    left: x - half,
    right: x + half,
    top: Math.min(top, y - half),
    bottom: Math.max(bottom, y + half),
  }));
  const result: (PlacedLabel | undefined)[] = marks.map(() => undefined);
  const order = marks.map((_, i) => i).sort((a, b) => crowd(marks, b) - crowd(marks, a));
  for (const i of order) {
    for (const place of placesOf(marks[i])) {
      const box = boxAt(marks[i], sizes[i], place);
      if (!isInside(box, area) || taken.some((other, j) => j !== i && overlap(box, other))) continue;
      result[i] = place;
      taken.push(box);
      break;
    }
  }
  return result;
}

function crowd(marks: readonly Mark[], index: number): number {
  const { x, y } = marks[index];
  return marks.filter(other => Math.hypot(other.x - x, other.y - y) < 60).length;
}

function boxAt({ x, y }: Mark, size: { width: number; height: number }, place: PlacedLabel): Area {
  const { xanchor, yanchor, dx, dy } = place;
  const { width, height } = size;
  const left = x + dx - (xanchor === 'left' ? 0 : xanchor === 'right' ? width : width / 2);
  const top = y + dy - (yanchor === 'top' ? 0 : yanchor === 'bottom' ? height : height / 2);
  return { left, right: left + width, top, bottom: top + height };
}

function isInside(box: Area, area: Area): boolean {
  return box.left >= area.left && box.right <= area.right && box.top >= area.top && box.bottom <= area.bottom;
}

function overlap(a: Area, b: Area): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
