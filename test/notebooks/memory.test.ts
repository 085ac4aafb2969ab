import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/child_process';
import { checkExecuted } from './check_executed';
import { memory as notebookPath, runInMirror } from './mirror';
import { printed } from './notebook_file';

const limit = 2 ** 20;
const [minCharts, minCells] = [4, 10];

test('the notebook on memory runs to its end, with a few training steps', { timeout: 200_000 }, () => {
  runInMirror(notebookPath, notebook => {
    checkExecuted(notebook, limit, minCharts, minCells);
  });
});

test('in the repository it shows that the GRU remembers for 40 steps, and the LSTM as it starts for 10', () => {
  const cells = checkExecuted(join(root, notebookPath), limit, minCharts, minCells);
  const shown = printed(cells, 'stdout') + JSON.stringify(cells.flatMap(({ outputs }) => outputs.map(({ data }) => data?.['text/plain'])));
  const row = (name: string) => (shown.match(new RegExp(`${name} +((?:[\\d.]+ %\\s*)+)`))?.[1] ?? '').match(/[\d.]+/g)?.map(Number);
  const [gru, lstm] = [row('GRU'), row('LSTM')];
  assert.ok(gru?.length === 4 && gru[3] < 10, String(gru));
  assert.ok(lstm?.length === 4 && lstm[1] < 10 && lstm[2] > 50, String(lstm));
});
