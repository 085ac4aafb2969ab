/** A slider over the frames of a figure, and a button that plays them. */
import type { Layout } from 'plotly.js';
import { UserError } from '../../base/errors';
import { colors, fontSize } from './theme';

/** Milliseconds that a frame stays. */
const pace = 250;
/** Of more states than that, some at equal distances get a frame each. */
const mostFrames = 56;

/**
 * Which of a number of states have a frame: all, or 56 at equal distances, the last among them.
 * @param also has one in any case
 */
export function framesOf(count: number, also: number): number[] {
  const frames = Math.min(count, mostFrames);
  const even = Array.from({ length: frames }, (_, i) => Math.round(((i + 1) * count) / frames) - 1);
  return [...new Set([...even, also])].sort((a, b) => a - b);
}

/** @throws UserError if there is no such state */
export function checkIndex(what: string, index: number, count: number): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw new UserError(`Expected ${what}, 0 to ${count - 1}, found ${String(index)}`);
}

/**
 * @param names of the frames
 * @param active which of them is shown at first
 * @param prefix stands before the name of the one that is shown
 * @param glide points move from frame to frame; only for frames that change nothing but the places of points
 */
export function playback(
  names: readonly string[],
  active: number,
  prefix: string,
  { glide = false } = {},
): Pick<Layout, 'sliders' | 'updatemenus'> {
  const options = (duration: number) => ({
    mode: 'immediate',
    frame: { duration, redraw: !glide },
    transition: { duration: glide ? 0.8 * pace : 0, easing: 'linear' },
  });
  const font = { color: colors.text, size: fontSize };
  const look = { bgcolor: 'rgba(0, 0, 0, 0)', bordercolor: colors.text, font };
  const button = (label: string, target: unknown, duration: number) => ({
    label,
    method: 'animate' as const,
    args: [target, { ...options(duration), fromcurrent: true }],
  });
  return {
    sliders: [
      {
        ...look,
        active,
        activebgcolor: colors.blue,
        pad: { t: 44, l: 120 },
        ...{ x: 0, len: 1, y: 0, yanchor: 'top', xanchor: 'left', ticklen: 4, tickcolor: colors.text },
        bgcolor: colors.grid,
        currentvalue: { prefix, font, xanchor: 'right' },
        steps: names.map(name => ({ label: name, method: 'animate', args: [[name], options(0)] })),
      },
    ],
    updatemenus: [
      {
        ...look,
        type: 'buttons',
        direction: 'left',
        showactive: false,
        pad: { t: 58, l: 0 },
        ...{ x: 0, y: 0, xanchor: 'left', yanchor: 'top' },
        buttons: [button('play', null, pace), button('stop', [null], 0)],
      },
    ],
  } as unknown as Pick<Layout, 'sliders' | 'updatemenus'>;
}
