/** Test errors of several runs each: what differs between settings, beside what differs between seeds. */
import type { Annotations, Shape } from 'plotly.js';
import { UserError } from '../base/errors';
import { percent, round } from '../base/format';
import { median } from '../base/statistics';
import { plotlyText, textOf } from '../base/text';
import { createFigure, type Figure } from './figure';
import { baseLayout, colors, namedAxis, toolbarMargin } from './parts/theme';

/** Runs with the same settings and several seeds. */
export interface SeedErrors {
  readonly label: string;
  /** 0..1, one for each seed. */
  readonly errors: readonly number[];
  /** Written at the end of the row. */
  readonly note?: string;
}

type Row = SeedErrors & { readonly median: number };

const rowHeight = 44;
const margin = { t: 12, b: 50 };

/**
 * A row for each group, from above: its label, its median and its note in words, which leave the page's whole width to
 * the marks below them: one for each seed, and a line at the median. Groups without an error are left out.
 * @throws UserError for an error that is no number from 0 to 1
 *
 * @example
 * await show(
 *   errorsBySeed([
 *     { label: 'post', errors: [0.0163, 0.0134, 0.0187] },
 *     { label: 'better', errors: [0.0097, 0.0093, 0.0109], note: 'p < 0.001' },
 *   ]),
 * );
 */
export function errorsBySeed(groups: readonly SeedErrors[]): Figure {
  const rows: Row[] = groups
    .filter(({ errors }) => errors.length > 0)
    .map(group => ({ ...group, label: textOf(group.label), median: median(group.errors) }));
  const wrong = rows.flatMap(({ errors }) => errors).find(error => !(error >= 0 && error <= 1));
  if (wrong !== undefined) throw new UserError(`Expected errors from 0 to 1, found ${wrong}`);
  const points = rows.flatMap(({ label, errors }, row) => errors.map(error => ({ label, error, row })));
  return createFigure({
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        x: points.map(({ error }) => round(error)),
        y: points.map(({ row }) => row),
        text: points.map(({ label }) => plotlyText(label)),
        hovertemplate: '%{text}: %{x:.2%}<extra></extra>',
        marker: { color: colors.sky, size: 9, line: { color: colors.blue, width: 1 } },
        showlegend: false,
      },
    ],
    layout: {
      ...baseLayout(describe(rows)),
      height: margin.t + margin.b + Math.max(1, rows.length) * rowHeight,
      margin: { l: 20, r: toolbarMargin, ...margin },
      xaxis: { ...namedAxis('test error'), tickformat: '.1~%', rangemode: 'tozero' },
      yaxis: { visible: false, range: [Math.max(1, rows.length) - 0.4, -0.6] },
      shapes: rows.map(({ median }, row) => medianMark(median, row)),
      annotations: rows.map(rowText),
      hovermode: 'closest',
    },
  });
}

function medianMark(value: number, row: number): Partial<Shape> {
  const line = { color: colors.vermilion, width: 3 };
  return { type: 'line', x0: value, x1: value, y0: row - 0.2, y1: row + 0.2, line };
}

function rowText({ label, median, note }: Row, row: number): Partial<Annotations> {
  const text = `${label}: ${percent(median)}${note === undefined ? '' : ` (${textOf(note)})`}`;
  return {
    ...{ xref: 'paper', x: 0, xanchor: 'left', y: row - 0.22, yanchor: 'bottom' },
    ...{ text: plotlyText(text), showarrow: false, font: { size: 12, color: colors.text } },
  };
}

function describe(rows: readonly Row[]): string {
  if (rows.length === 0) return 'Test errors by seed: nothing is measured yet';
  const told = rows.map(({ label, errors, median }) => `${label} ${percent(median)} (${errors.length})`);
  return `Test errors by seed; medians, and how many seeds: ${told.join(', ')}`;
}
