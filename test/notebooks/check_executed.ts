import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { codeCells, joined, plotlyType, printed, type CodeCell } from './notebook_file';

/**
 * What holds for a notebook that has run, however long it has trained.
 * @param maxBytes of the file
 * @param minCharts cells that show one
 * @param minCells that hold code
 */
export function checkExecuted(path: string, maxBytes: number, minCharts: number, minCells = 15): CodeCell[] {
  const cells = codeCells(path);
  assert.ok(cells.length >= minCells, `${cells.length} code cells`);
  assert.deepEqual(
    cells.map(cell => cell.execution_count),
    cells.map((_, i) => i + 1),
    'all cells ran, from first to last',
  );
  const outputs = cells.flatMap(cell => cell.outputs);
  assert.deepEqual(
    outputs.filter(output => output.output_type === 'error'),
    [],
  );
  assert.equal(printed(cells, 'stderr'), '');

  const showing = cells.filter(({ source }) => /^await (show\(|training\.end|tryOut\(|train\()/m.test(joined(source)));
  assert.ok(showing.length >= minCharts, `${showing.length} charts`);
  for (const { source, outputs } of showing) {
    const charts = outputs.filter(({ data }) => data?.[plotlyType]);
    assert.equal(charts.length, 1, `one chart: ${joined(source)}`);
    const data = charts[0].data!;
    assert.match(joined(data['image/svg+xml'] as string | string[]), /^<svg [^]*<\/svg>\s*$/);
    assert.ok(joined(data['text/plain'] as string | string[]).length > 10, 'a line for those who cannot see it');
  }
  assert.ok(statSync(path).size < maxBytes, `${statSync(path).size} bytes`);
  return cells;
}

