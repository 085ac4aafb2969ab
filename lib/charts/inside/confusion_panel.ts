/** A confusion matrix as one panel of a figure with frames: as a picture, which takes far less room than shapes. */
import type { Data, Image } from 'plotly.js';
import { plotlyText } from '../../base/text';
import type { FigureLayout } from '../figure';
import { cellsPng } from '../parts/cells_png';
import { nameOfClass } from '../parts/digit';
import { channels, colors, namedAxis } from '../parts/theme';

/** `counts[label][prediction]`: how many examples. */
export type Confusions = readonly (readonly number[])[];

export function countConfusions(
  labels: ArrayLike<number>,
  classes: ArrayLike<number>,
  numClasses: number,
): number[][] {
  const counts = Array.from({ length: numClasses }, () => new Array<number>(numClasses).fill(0));
  for (let i = 0; i < labels.length; i++) counts[labels[i]][classes[i]]++;
  return counts;
}

/** Wrong answers, 0..1. */
export function errorOf(counts: Confusions): number {
  const total = counts.flat().reduce((sum, count) => sum + count, 0);
  const right = counts.reduce((sum, row, label) => sum + row[label], 0);
  return (total - right) / total;
}

/** The largest count beside the diagonal of several matrices, at least 1. */
export function mostMistaken(matrices: readonly Confusions[]): number {
  const mistakes = matrices.flatMap(counts =>
    counts.map((row, label) => Math.max(...row.filter((_, other) => other !== label))),
  );
  return Math.max(1, ...mistakes);
}

/**
 * The cells without their numbers. Mistakes are the more vermilion the more there are, by the logarithm of their count:
 * one colour scale serves the first test and the last.
 * @param most count of mistakes that gets the full colour
 */
export function confusionImage(counts: Confusions, most: number): Partial<Image> {
  const [none, some, many] = [channels(colors.text), channels(colors.slate), channels(colors.vermilion)];
  const size = { width: 12, height: 12, gap: 1 };
  const source = cellsPng(counts.length, counts.length, size, (prediction, label) => {
    const count = counts[label][prediction];
    if (prediction === label) return [...none, 0];
    if (count === 0) return [...none, 77];
    const share = Math.log1p(count) / Math.log1p(most);
    return some.map((from, i) => Math.round(from + share * (many[i] - from)));
  });
  return {
    source,
    ...{ xref: 'x3', yref: 'y3', x: -0.5, y: -0.5, xanchor: 'left', yanchor: 'top', layer: 'below' },
    ...{ sizex: counts.length, sizey: counts.length, sizing: 'stretch' },
  };
}

/** The numbers in the cells. */
export function confusionNumbers(counts: Confusions): Data {
  return {
    type: 'scatter',
    mode: 'text',
    // Not '': of a point without a text Plotly has nothing that another frame could give one.
    text: counts.flat().map(count => (count > 0 ? String(count) : '\u00a0')),
  };
}

/** What stays the same of the numbers in all frames. */
export function confusionCells(numClasses: number, classNames?: readonly string[]): Partial<Data> {
  const classes = Array.from({ length: numClasses }, (_, i) => i);
  const cells = classes.flatMap(label => classes.map(prediction => ({ label, prediction })));
  const name = (i: number) => plotlyText(nameOfClass(i, classNames));
  return {
    x: cells.map(({ prediction }) => prediction),
    y: cells.map(({ label }) => label),
    hovertext: cells.map(({ label, prediction }) => `${name(label)} taken for ${name(prediction)}`),
    hovertemplate: '%{hovertext}: %{text}<extra></extra>',
    textfont: {
      size: 10,
      color: cells.map(({ label, prediction }) => (label === prediction ? colors.text : colors.onDark)),
    },
    xaxis: 'x3',
    yaxis: 'y3',
  };
}

/** @param domain of both axes, as parts of the figure */
export function confusionAxes(
  numClasses: number,
  domain: { readonly x: [number, number]; readonly y: [number, number] },
  classNames?: readonly string[],
): Pick<FigureLayout, 'xaxis3' | 'yaxis3'> {
  const classes = Array.from({ length: numClasses }, (_, i) => i);
  const axis = {
    tickvals: classes,
    ticktext: classes.map(i => plotlyText(nameOfClass(i, classNames))),
    ...{ showgrid: false, fixedrange: true, automargin: false, ticks: '' as const },
  };
  return {
    xaxis3: {
      ...namedAxis('predicted class'),
      ...axis,
      tickangle: classNames ? -45 : 0,
      range: [-0.5, numClasses - 0.5],
      domain: domain.x,
      anchor: 'y3',
    },
    yaxis3: {
      ...namedAxis('true class (label)'),
      ...axis,
      range: [numClasses - 0.5, -0.5],
      domain: domain.y,
      anchor: 'x3',
    },
  };
}
