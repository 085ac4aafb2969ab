/** Images with what the network takes them for, as one panel of a figure with frames. */
import type { Data } from 'plotly.js';
import { plotlyLines, plotlyText } from '../../base/text';
import { nameOfClass, type Digit } from '../parts/digit';
import type { Box } from '../parts/drawing';
import { colors } from '../parts/theme';

/** An image, its index in the data set, and its place in the panel. */
export interface Followed {
  readonly index: number;
  readonly digit: Digit;
  readonly box: Box;
}

/** Sizes in pixels. */
const tile = 64;
const pitch = { x: 78, y: 104 };
const perRow = 4;
export const followedWidth = (perRow - 1) * pitch.x + tile;
export const mostFollowed = 12;

/** @param left, top of the panel, in pixels */
export function followedBox(i: number, left: number, top: number): Box {
  const [column, row] = [i % perRow, Math.floor(i / perRow)];
  return { x: left + column * pitch.x, y: top + row * pitch.y, width: tile, height: tile };
}

/** What they are taken for, `classes` by their index. */
export function followedAnswers(
  followed: readonly Followed[],
  classes: ArrayLike<number>,
  classNames?: readonly string[],
): Data {
  const isRight = ({ index, digit }: Followed) => classes[index] === digit.label;
  const name = (label: number) => nameOfClass(label, classNames);
  return {
    type: 'scatter',
    mode: 'text',
    text: followed.map(each => {
      const { index, digit } = each;
      return isRight(each)
        ? plotlyText(`✓ ${name(digit.label)}`)
        : plotlyLines([`✗ ${name(classes[index])}`, `is ${name(digit.label)}`]);
    }),
    textfont: { color: followed.map(each => (isRight(each) ? colors.text : colors.vermilion)) },
  };
}

/** What stays the same of the answers in all frames: they stand below their images. */
export function followedPlaces(followed: readonly Followed[]): Partial<Data> {
  return {
    x: followed.map(({ box }) => box.x + box.width / 2),
    y: followed.map(({ box }) => box.y + box.height + 2),
    textposition: 'bottom center',
    hovertext: followed.map(({ index }) => `test image ${index}`),
    hoverinfo: 'text',
  };
}

/** The images whose answers changed most often, in the order of their index. */
export function mostRestless(
  tests: readonly { readonly classes: ArrayLike<number> }[],
  count: number,
): number[] {
  const changes = Array.from({ length: tests[0].classes.length }, (_, index) => ({
    index,
    count: tests.filter(({ classes }, t) => t > 0 && classes[index] !== tests[t - 1].classes[index]).length,
  }));
  const most = changes.sort((a, b) => b.count - a.count || a.index - b.index).slice(0, count);
  return most.map(({ index }) => index).sort((a, b) => a - b);
}
