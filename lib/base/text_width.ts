/** Adobe's font metrics for Helvetica (Arial has the same): widths of the characters 32 to 126 in 1/1000 em. */
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/** Other characters are taken to be as wide as a capital letter. */
const otherWidth = 722;

/** Width of a line of text in pixels, without a browser. */
export function textWidth(text: string, fontSize: number): number {
  const units = [...text].map(character => widths[character.charCodeAt(0) - 32] ?? otherWidth);
  return (units.reduce((sum, width) => sum + width, 0) / 1000) * fontSize;
}
