/** What tests ask of a notebook's file. */
import { readFileSync } from 'node:fs';

export interface Output {
  output_type: 'stream' | 'display_data' | 'execute_result' | 'error';
  name?: 'stdout' | 'stderr';
  text?: string | string[];
  data?: Record<string, unknown>;
}

export interface CodeCell {
  cell_type: 'code';
  source: string | string[];
  execution_count: number | null;
  outputs: Output[];
}

export const plotlyType = 'application/vnd.plotly.v1+json';

/** The code cells that have code. */
export function codeCells(path: string): CodeCell[] {
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as { cells: { cell_type: string }[] };
  return cells
    .filter((cell): cell is CodeCell => cell.cell_type === 'code')
    .filter(({ source }) => joined(source).trim() !== '');
}

/** Everything that was printed. */
export function printed(cells: readonly CodeCell[], name: 'stdout' | 'stderr'): string {
  return cells
    .flatMap(({ outputs }) => outputs)
    .filter(output => output.output_type === 'stream' && output.name === name)
    .map(({ text = '' }) => joined(text))
    .join('');
}

/** Files may hold a text as a list of its lines. */
export function joined(text: string | string[]): string {
  return typeof text === 'string' ? text : text.join('');
}
