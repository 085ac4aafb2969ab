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
    for (const text of ['finished: ', 'learningRate 0.0001', 'McNemar', 'best test error', 'Range test', 'Norm of the gradient', 'over nine shifts']) {
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

  test('ends with five seeds of each, and each recipe is better with every one than the one before', () => {
    const lines = printed(cells, 'stdout').split('\n');
    const errorsOf = (name: string) => {
      const [, list] = new RegExp(`^${name}: ([\\d., ]+) %; median [\\d.]+ %$`).exec(
        lines.find(line => line.startsWith(`${name}: `)) ?? '',
      )!;
      return list.split(', ').map(Number);
    };
    const [post, better, recipe] = ['post', 'better', 'recipe'].map(errorsOf);
    assert.deepEqual([post, better, recipe].map(({ length }) => length), [5, 5, 5]);
    assert.ok(Math.max(...better) < Math.min(...post), `${better.join()} against ${post.join()}`);
    assert.ok(Math.max(...recipe) < Math.min(...better), `${recipe.join()} against ${better.join()}`);
    const stored = (name: string) => JSON.parse(readFileSync(join(root, 'notebooks', 'results', name), 'utf8')) as unknown;
    const seeds = stored('seeds.json') as Tested[];
    const { recipes } = stored('recipes.json') as { recipes: { quick: { seeds: Tested[] } } };
    assert.deepEqual(
      [...seeds, ...recipes.quick.seeds].map(({ testError }) => (testError * 100).toFixed(2)),
      [...post, ...better, ...recipe].map(error => error.toFixed(2)),
    );
  });
});

interface Tested {
  testError: number;
}
