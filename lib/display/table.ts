/** Tables in two forms: HTML for a notebook, lines of text for a terminal and for whoever reads a page aloud. */
import { readable } from '../base/readable';
import { escapeHtml, textOf } from '../base/text';
import { currentKernel, type MimeBundle } from './kernel_api';

/** A column of a `Table`. */
export interface Column {
  readonly title: string;
  /** Numbers are easier to compare when their ends stand below each other. Default 'left'. */
  readonly align?: 'left' | 'right';
  /** Keep each text on one line, such as the name of a folder, which would break at its hyphens. Default false. */
  readonly oneLine?: boolean;
}

/** A table of texts. */
export interface Table {
  readonly columns: readonly Column[];
  /** One text for each column; what is missing at the end stays empty. */
  readonly rows: readonly (readonly string[])[];
  /** Index of a row that stands out, such as the best. Default none. */
  readonly strong?: number;
  /** Lines below the table. */
  readonly notes?: readonly string[];
}

/**
 * The table as HTML without colours of its own, so that it can be read on a white page and on a dark one. Texts are
 * escaped: names of folders come from anybody.
 */
export function tableHtml({ columns, rows, strong, notes = [] }: Table): string {
  const head = columns.map(column => `<th scope="col"${alignment(column)}>${escapeHtml(column.title)}</th>`);
  const body = rows.map((row, number) => {
    const cells = columns.map(
      (column, i) => `<td${alignment(column, column.oneLine)}>${escapeHtml(row[i] ?? '')}</td>`,
    );
    return `<tr${number === strong ? ' style="font-weight: bold"' : ''}>${cells.join('')}</tr>`;
  });
  const table =
    `<div style="overflow-x: auto"><table><thead><tr>${head.join('')}</tr></thead>` +
    `<tbody>${body.join('')}</tbody></table></div>`;
  return [table, ...notes.map(note => `<p>${escapeHtml(note)}</p>`)].join('\n');
}

/** The same as lines of text: columns two spaces apart, a rule below the titles. */
export function tableText({ columns, rows, notes = [] }: Table): string {
  const titles = columns.map(({ title }) => textOf(title));
  const texts = rows.map(row => columns.map((_, i) => textOf(row[i] ?? '')));
  const widths = titles.map((title, i) => Math.max(...[title, ...texts.map(row => row[i])].map(widthOf)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => pad(cell, widths[i], columns[i].align))
      .join('  ')
      .trimEnd();
  const lines = [line(titles), line(widths.map(width => '─'.repeat(width))), ...texts.map(line)];
  return [...lines, ...(notes.length > 0 ? ['', ...notes.map(textOf)] : [])].join('\n');
}

/**
 * A table that is shown as one when a cell ends with it, or wherever it is printed.
 *
 * @example
 * const table = createTable({
 *   columns: [{ title: 'cell' }, { title: 'units', align: 'right' }],
 *   rows: [['GRU', '200']],
 * });
 */
export function createTable(table: Table): Table {
  return readable(table, {
    text: tableText,
    line: ({ rows, columns }) => `Table of ${rows.length} rows and ${columns.length} columns`,
    display: it => tableBundle(it),
  });
}

/**
 * Show the table as one output of the running cell; outside a notebook print its lines.
 * @param value what it tells of: a cell that ends with that value does not show it again
 */
export function showTable(table: Table, value: object = table): void {
  const kernel = currentKernel();
  if (kernel) kernel.display(tableBundle(table), { value });
  else console.log(tableText(table));
}

export function tableBundle(table: Table): MimeBundle {
  return { 'text/html': tableHtml(table), 'text/plain': tableText(table) };
}

function alignment({ align = 'left' }: Column, oneLine = false): string {
  return ` style="text-align: ${align}${oneLine ? '; white-space: nowrap' : ''}"`;
}

function widthOf(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number, align: Column['align'] = 'left'): string {
  const space = ' '.repeat(width - widthOf(text));
  return align === 'left' ? text + space : space + text;
}
