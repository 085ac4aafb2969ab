/** A slider over the frames of a figure, and a button that plays them. */
import type { Layout } from 'plotly.js';
import { colors, fontSize } from './theme';

/** Milliseconds that a frame stays. */
const pace = 250;

/**
 * @param names of the frames
 * @param active which of them is shown at first
 * @param prefix stands before the name of the one that is shown
 */
export function playback(
  names: readonly string[],
  active: number,
  prefix: string,
): Pick<Layout, 'sliders' | 'updatemenus'> {
  const options = (duration: number) => ({
    mode: 'immediate',
    frame: { duration, redraw: true },
    transition: { duration: 0 },
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
