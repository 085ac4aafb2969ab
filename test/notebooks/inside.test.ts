import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/child_process';
import { checkExecuted } from './check_executed';
import { inside as notebookPath, runInMirror } from './mirror';
import { printed } from './notebook_file';

const limit = 2 * 2 ** 20;
const [minCharts, minCells] = [8, 14];

test('the notebook on what is inside runs to its end, with a few training steps', { timeout: 200_000 }, () => {
  runInMirror(notebookPath, notebook => {
    checkExecuted(notebook, limit, minCharts, minCells);
  });
});

test('in the repository it shows what its answers say', () => {
  const cells = checkExecuted(join(root, notebookPath), limit, minCharts, minCells);
  const shown = printed(cells, 'stdout');
  assert.match(shown, /half of the answers are settled after row 22\n/);
  assert.match(shown, /after training: first row \/ last row = [2-9]\.?\d?\n/);
  assert.match(shown, /before training: first row \/ last row = 0\.03/);
});
