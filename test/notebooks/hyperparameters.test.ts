import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../../scripts/child_process';
import { checkExecuted } from './check_executed';
import { hyperparameters, runInMirror } from './mirror';
import { joined, printed } from './notebook_file';

const limit = 3 * 2 ** 20;

test('the notebook on hyperparameters runs to its end, with a few steps', { timeout: 400_000 }, () => {
  runInMirror(hyperparameters, notebook => {
    const cells = checkExecuted(notebook, limit, 12);
    const outputs = JSON.stringify(cells.map(cell => cell.outputs));
    for (const text of ['finished: ', 'learningRate 0.0001', 'McNemar', 'best test error']) {
      assert.ok(outputs.includes(text), text);
    }
  });
});

describe('the notebook in the repository', () => {
  const cells = checkExecuted(join(root, hyperparameters), limit, 12);

  test('shows the widgets or says what does the same', () => {
    const text = cells.map(({ outputs }) => outputs.map(({ data }) => joined((data?.['text/plain'] ?? '') as string)));
    assert.match(text.flat().join('\n'), /this viewer shows none.*run\.set/);
  });

  test('ends with five seeds of each, and the better settings are better with every one', () => {
    const lines = printed(cells, 'stdout').split('\n');
    const errorsOf = (name: string) => {
      const [, list] = new RegExp(`^${name}: ([\\d., ]+) %; median [\\d.]+ %$`).exec(
        lines.find(line => line.startsWith(`${name}: `)) ?? '',
      )!;
      return list.split(', ').map(Number);
    };
    const [post, better] = [errorsOf('post'), errorsOf('better')];
    assert.deepEqual([post.length, better.length], [5, 5]);
    assert.ok(Math.max(...better) < Math.min(...post), `${better.join()} against ${post.join()}`);
    const stored = JSON.parse(readFileSync(join(root, 'notebooks', 'results', 'seeds.json'), 'utf8')) as {
      testError: number;
    }[];
    assert.deepEqual(
      stored.map(({ testError }) => (testError * 100).toFixed(2)),
      [...post, ...better].map(error => error.toFixed(2)),
    );
  });
});
