import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { bracketOf, bracketSizes, firstRung, numBrackets } from '../../lib/search/hyperband';
import { choice } from '../../lib/search/space';
import { FakeRunner, newSweep, runSearch } from '../support/searches';
import { runsFolder } from '../support/training';

const directory = runsFolder();

test('brackets have as many trials and the first rungs of the paper, for R = 81 and η = 3', () => {
  const brackets = numBrackets(81, 1);
  assert.deepEqual(bracketSizes(brackets), [81, 34, 15, 8, 5]);
  assert.deepEqual([0, 1, 2, 3, 4].map(bracket => firstRung(bracket, 1)), [1, 3, 9, 27, 81]); // prettier-ignore
});

test('there is a bracket for each first rung that a whole training reaches', () => {
  assert.deepEqual([1, 2, 3, 5, 6, 17, 18].map(tests => numBrackets(tests, 2)), [1, 1, 1, 1, 2, 2, 3]); // prettier-ignore
});

test('the brackets are filled one after the other, and then again', () => {
  const brackets = Array.from({ length: 17 + 4 }, (_, i) => bracketOf(i + 1, 3));
  assert.equal(brackets.join(''), `${'0'.repeat(9)}${'1'.repeat(5)}${'2'.repeat(3)}0000`);
  assert.equal(bracketOf(5, 1), 0);
});

test('a trial is compared with those of its bracket only, and from the bracket’s first rung', async () => {
  // Later trials are worse at each test, so halving stops them at their first rung, as soon as it compares with two.
  const points = Array.from({ length: 17 }, () => ({ learningRate: 0.1 }));
  const info = newSweep({ learningRate: choice([0.1]) }, points, { earlyStopping: 'hyperband', brackets: 3 });
  const runner = new FakeRunner((_, { number }) => Array.from({ length: 9 }, () => number / 20));
  const { trials } = await runSearch(join(directory, 'hyperband'), info, runner);
  assert.deepEqual(
    trials.map(({ step }) => step / 10),
    [9, 9, 1, 1, 1, 1, 1, 1, 1, 9, 9, 3, 3, 3, 9, 9, 9],
  );
});
