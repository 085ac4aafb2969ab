import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { CellResults } from '../../lib';
import { root } from '../../scripts/child_process';
import { checkExecuted } from './check_executed';
import { cells as notebookPath, runInMirror } from './mirror';
import { joined, printed, type CodeCell } from './notebook_file';

const limit = 2 * 2 ** 20;
const minCharts = 12;

const tables = (cells: readonly CodeCell[]) =>
  cells.flatMap(({ outputs }) => outputs.map(({ data }) => joined((data?.['text/html'] ?? '') as string)));

test('the notebook on cells runs to its end, over fewer pixels', { timeout: 200_000 }, () => {
  runInMirror(notebookPath, notebook => {
    checkExecuted(notebook, limit, minCharts);
  });
});

describe('the notebook in the repository', () => {
  const cells = checkExecuted(join(root, notebookPath), limit, minCharts);
  const results = JSON.parse(
    readFileSync(join(root, 'notebooks', 'results', 'cells.json'), 'utf8'),
  ) as CellResults;

  test('tells when and with what the results were made, and they are those of the file', () => {
    const { when, machine, versions } = results;
    const text = printed(cells, 'stdout');
    for (const part of [when.slice(0, 10), machine.cpu, `TensorFlow ${versions.tensorflow}`]) {
      assert.ok(text.includes(part), part);
    }
  });

  test('has a line in a table for each cell of each task', () => {
    const all = tables(cells).join('\n');
    for (const { cells } of results.tasks) {
      for (const { label, parameters } of cells) {
        assert.ok(all.includes(`>${label}</td>`), label);
        assert.ok(all.includes(`>${parameters.toLocaleString('en')}</td>`), `${label}: ${parameters}`);
      }
    }
  });

  test('shows the equations of each family as code', () => {
    const code = cells.flatMap(({ outputs }) =>
      outputs.map(({ data }) => joined((data?.['text/markdown'] ?? '') as string)),
    );
    assert.ok(code.filter(text => text.startsWith('```typescript\ncall(')).length >= 8);
  });

  test('knows nothing of the machine it ran on but its processor', () => {
    assert.ok(!readFileSync(join(root, notebookPath), 'utf8').includes(root));
  });
});
