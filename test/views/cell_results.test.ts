import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellTable, type CellResult } from '../../lib';
import { tableText } from '../../lib/display/table';

const cell = (label: string, more: Partial<CellResult>): CellResult => ({
  ...{ label, family: 'gated', settings: {}, units: 128, parameters: 61578, tests: [] },
  ...more,
});
const tests = [0.02, 0.018, 0.025].map((testError, seed) => ({ seed, testError, seconds: 1 }));
const timing = { msPerStep: 12.34, rounds: [12, 12.34, 13], firstStepSeconds: 0.26 };

test('a line for each cell that is known, and below the table what is missing', () => {
  const cells = [
    cell('GRU', { ...timing, tests, median: 0.02, range: [0.018, 0.025] }),
    cell('MGU', { tests: [{ seed: 0, failure: 'NaN', seconds: 1 }] }),
    cell('LSTM', {}),
  ];
  const text = tableText(
    cellTable({ cells, seeds: 3, leftOut: [{ label: 'IRNN', reason: 'no such cell' }] }),
  );
  const [, , gru, mgu, ...notes] = text.split('\n').map(line => line.split(/ {2,}/));
  assert.deepEqual(gru, ['GRU', '128', '61,578', '12.3', '0.3 s', '2.00 %', '1.80 %', '2.50 %']);
  assert.deepEqual(mgu, ['MGU', '128', '61,578', '–', '–', '–', '–', '–']);
  assert.deepEqual(notes.flat().filter(Boolean), [
    'MGU, seed 0: NaN',
    'MGU: 1 of 3 seeds yet',
    'LSTM: 0 of 3 seeds yet',
    'left out: IRNN: no such cell',
  ]);
});
