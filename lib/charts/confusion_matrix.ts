import type { Data, Shape } from 'plotly.js';
import { nameOfClass } from './parts/digit';
import { plotlyText } from '../base/text';
import { createFigure, type Figure } from './figure';
import { baseLayout, colors, mix, namedAxis, toolbarMargin } from './parts/theme';

/**
 * Which classes were taken for which: a row for each label, a column for each prediction. The right answers on the
 * diagonal are many and only written down; the others are the more vermilion the more there are.
 * @param counts `counts[label][prediction]`: how many examples
 * @param classNames by default the classes' numbers
 *
 * @example
 * const { confusion } = await evaluate(model, mnist.test);
 * await show(confusionMatrix(confusion));
 */
export function confusionMatrix(
  counts: readonly (readonly number[])[],
  classNames?: readonly string[],
): Figure {
  const classes = counts.map((_, i) => i);
  const names = classes.map(i => plotlyText(nameOfClass(i, classNames)));
  const cells = classes.flatMap(label =>
    classes.map(prediction => ({ label, prediction, count: counts[label][prediction] })),
  );
  const mistakes = cells.filter(({ label, prediction }) => label !== prediction);
  const most = Math.max(1, ...mistakes.map(({ count }) => count));
  const numbers = {
    type: 'scatter',
    mode: 'text',
    x: cells.map(({ prediction }) => prediction),
    y: cells.map(({ label }) => label),
    text: cells.map(({ count }) => (count > 0 ? String(count) : '')),
    hovertext: cells.map(({ label, prediction, count }) => {
      const total = counts[label].reduce((sum, n) => sum + n, 0);
      return `${names[label]} taken for ${names[prediction]}: ${count} of ${total}`;
    }),
    hoverinfo: 'text',
    textfont: {
      color: cells.map(({ label, prediction }) => (label === prediction ? colors.text : colors.onDark)),
    },
  } satisfies Partial<Data>;
  const axis = { tickvals: classes, ticktext: names, showgrid: false, fixedrange: true };
  return createFigure({
    data: [numbers],
    layout: {
      ...baseLayout(describe(counts)),
      width: 585,
      height: 540,
      margin: { l: 60, r: toolbarMargin, t: 20, b: 60 },
      xaxis: {
        ...namedAxis('predicted class'),
        ...axis,
        tickangle: classNames ? -45 : 0,
        range: [-0.5, classes.length - 0.5],
      },
      yaxis: { ...namedAxis('true class (label)'), ...axis, range: [classes.length - 0.5, -0.5] },
      hovermode: 'closest',
      hoverdistance: 40,
      shapes: mistakes.map(({ label, prediction, count }) => cell(label, prediction, count / most)),
    },
  });
}

/** A square a little smaller than its place, so that the page shows between. */
function cell(label: number, prediction: number, share: number): Partial<Shape> {
  const half = 0.47;
  return {
    type: 'rect',
    layer: 'below',
    x0: prediction - half,
    x1: prediction + half,
    y0: label - half,
    y1: label + half,
    fillcolor: share === 0 ? colors.grid : mix(colors.slate, colors.vermilion, share),
    line: { width: 0 },
  };
}

function describe(counts: readonly (readonly number[])[]): string {
  const total = counts.flat().reduce((sum, n) => sum + n, 0);
  const right = counts.reduce((sum, row, label) => sum + row[label], 0);
  return `Confusion matrix of ${total} examples, ${total - right} of them wrong`;
}
