import type { LayoutAxis } from 'plotly.js';
import type { FigureLayout } from '../figure';

/**
 * Colours that people with colour-blindness can tell apart, and that stand out from a white page and from a dark one
 * (#111) alike: text 4.3:1, lines 3:1 (WCAG 2.2, 1.4.3 and 1.4.11). Blue, sky and vermilion are those of Okabe and
 * Ito, "Color Universal Design", 2008, vermilion a little darker.
 */
export const colors = {
  /** Text: the grey as far from white as from #111. */
  text: '#797979',
  grid: 'rgba(121, 121, 121, 0.3)',
  blue: '#0072b2',
  /** For what stays in the background. */
  sky: '#56b4e9',
  vermilion: '#c75800',
  /** Pixel value 0 in pictures of digits, empty cells in matrices, and boxes under the mouse. */
  slate: '#33415c',
  /** Text on slate or vermilion. */
  onDark: '#ffffff',
} as const;

/**
 * The colours of several lines. They keep 3:1 to a white page and to a dark one (#111), and differ by at least 23 in
 * CIELAB for people with each kind of colour-blindness (simulated after Machado et al., 2009).
 */
export const lineColors = [
  colors.blue,
  colors.vermilion,
  '#aa72ff',
  '#727250',
  '#8c5072',
  '#7228ff',
] as const;

/** Tests of averaged weights, beside those of the weights themselves. */
export const averageColor = lineColors[3];

/** On most systems one of these is there, and the widths of their letters are the same. */
export const fontFamily = 'Helvetica, Arial, sans-serif';

export const fontSize = 13;

/** Pixels on the right that the toolbar of a chart takes. */
export const toolbarMargin = 45;

/** What all figures share: the page shines through, and everything else is told by `colors`. */
export function baseLayout(description: string): FigureLayout {
  return {
    meta: { description },
    paper_bgcolor: 'rgba(0, 0, 0, 0)',
    plot_bgcolor: 'rgba(0, 0, 0, 0)',
    font: { family: fontFamily, size: fontSize, color: colors.text },
    hoverlabel: { bgcolor: colors.slate, bordercolor: colors.text, font: { color: colors.onDark } },
    modebar: {
      orientation: 'v', // in the margin on the right, where it covers nothing
      bgcolor: 'rgba(0, 0, 0, 0)',
      color: colors.text,
      activecolor: colors.blue,
    },
  };
}

/** An axis with a name and its unit. */
export function namedAxis(title: string): Partial<LayoutAxis> {
  return {
    title: { text: title, standoff: 8, font: { size: fontSize } },
    gridcolor: colors.grid,
    linecolor: colors.text,
    zeroline: false,
    automargin: true,
  };
}

/**
 * The colour part of the way from one to another.
 * @param from, to like '#33415c'
 * @param share 0 gives `from`, 1 gives `to`
 */
export function mix(from: string, to: string, share: number): string {
  const end = channels(to);
  const mixed = channels(from).map((start, i) => Math.round(start + share * (end[i] - start)));
  return `rgb(${mixed.join(', ')})`;
}

/** '#33415c' → [51, 65, 92] */
export function channels(color: string): number[] {
  return [1, 3, 5].map(start => parseInt(color.slice(start, start + 2), 16));
}
