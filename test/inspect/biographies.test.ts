/** When test images were learned and forgotten, from the predictions that runs keep. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRandom } from '../../lib/base/random';
import { DataSet } from '../../lib/data';
import { biographies } from '../../lib/inspect/biographies';
import { Run } from '../../lib/runs/run';
import { runsFolder } from '../support/training';

const directory = runsFolder();
const labels = Uint8Array.from([0, 1, 2, 1]);
const content = { images: new Uint8Array(48), labels, rows: 4, columns: 3, numClasses: 3, oneHot: true };
const data = new DataSet(content, createRandom(0));

/** A run with these answers at its tests, one test after each step. */
function record(tests: number[][]): string {
  const run = new Run({ name: 'run', hyperparameters: {}, directory });
  for (const answers of tests) {
    run.logTrain(0, { loss: 1, errorRate: 0.5 });
    const wrong = answers.filter((answer, i) => answer !== labels[i]).length;
    run.logTest(0, { errorRate: wrong / 4, meanLoss: 1, predictions: Uint8Array.from(answers) });
  }
  run.close();
  return run.folder;
}

const first = record([
  [0, 0, 1, 0],
  [0, 1, 1, 1],
  [0, 0, 1, 0],
  [0, 1, 1, 0],
]);
const second = record([
  [1, 1, 0, 0],
  [0, 1, 0, 0],
]);

describe('biographies', () => {
  test('say when each image was learned, forgotten, and settled', () => {
    const { runs, neverLearned, alwaysWrong } = biographies(first, data);
    const [{ steps, images, everForgotten }] = runs;
    assert.deepEqual(steps, [1, 2, 3, 4]);
    const told = images.map(({ learnedAt, settledAt, forgotten }) => [learnedAt, settledAt, forgotten]);
    assert.deepEqual(told, [
      [1, 1, 0],
      [2, 4, 1],
      [undefined, undefined, 0],
      [2, undefined, 1],
    ]);
    assert.deepEqual([...images[1].answers], [0, 1, 0, 1]);
    assert.deepEqual([everForgotten, neverLearned, alwaysWrong], [[1, 3], [2], [2, 3]]);
  });

  test('across runs: what none of them learned, and what all have wrong at the end', () => {
    const { runs, neverLearned, alwaysWrong } = biographies([{ folder: first }, second], data);
    assert.deepEqual(runs[1].neverLearned, [2, 3]);
    assert.deepEqual([neverLearned, alwaysWrong], [[2], [2, 3]]);
  });

  test('refuse runs without predictions, and other images', () => {
    assert.throws(() => biographies(record([]), data), /UserError: .*keeps the predictions .* older/);
    const others = new DataSet({ ...content, labels: Uint8Array.from([2, 2, 2, 2]) }, createRandom(0));
    assert.throws(() => biographies(first, others), /UserError: .*found others: .* at step 1 make 4 errors/);
    assert.throws(() => biographies(first, data.take(3)), /UserError: .*found 3; .* of 4 images/);
    assert.throws(() => biographies([], data), /UserError: .*at least one run/);
  });
});
