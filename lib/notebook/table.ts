/** Tables in two forms: HTML for a notebook, lines of text for a terminal and for whoever reads a page aloud. */
import { escapeHtml, textOf } from '../text';
import { currentKernel } from './kernel_api';

export interface Column {
  readonly title: string;
  /** Numbers are easier to compare when their ends stand below each other. Default 'left'. */
  readonly align?: 'left' | 'right';
}

export interface Table {
  readonly columns: readonly Column[];
  /** One text for each column; what is missing at the end stays empty. */
  readonly rows: readonly (readonly string[])[];
  /** Lines below the table. */
  readonly notes?: readonly string[];
}

/**
 * The table as HTML without colours of its own, so that it can be read on a white page and on a dark one. Texts are
 * escaped: names of folders come from anybody.
 */
export function tableHtml({ columns, rows, notes = [] }: Table): string {
  const head = columns.map(column => `<th scope="col"${alignment(column)}>${escapeHtml(column.title)}</th>`);
  const body = rows.map(row => {
    const cells = columns.map((column, i) => `<td${alignment(column)}>${escapeHtml(row[i] ?? '')}</td>`);
    return `<tr>${cells.join('')}</tr>`;
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

/** Show the table as one output of the running cell; outside a notebook print its lines. */
export function showTable(table: Table): void {
  const kernel = currentKernel();
  const text = tableText(table);
  if (kernel) kernel.display({ 'text/html': tableHtml(table), 'text/plain': text });
  else console.log(text);
}

function alignment({ align = 'left' }: Column): string {
  return ` style="text-align: ${align}"`;
}

function widthOf(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number, align: Column['align'] = 'left'): string {
  const space = ' '.repeat(width - widthOf(text));
  return align === 'left' ? text + space : space + text;
}
