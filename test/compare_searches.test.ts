/** What `npm run bench -- search` makes of its trials. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { equalSteps, pairedTest, searchTable } from '../bench/compare_searches';

test('the paired test counts the signs that lead as far from 0', () => {
  assert.equal(pairedTest([1, 2, 3]), 2 / 8); // all up, or all down
  assert.equal(pairedTest([1, -1]), 1);
  assert.equal(pairedTest([0.1, 0.2, -0.3]), 1); // 0 but for rounding
  assert.equal(pairedTest([1, 2, 4, -1]), 6 / 16); // ±8, ±6 in two ways, and so on
  assert.equal(pairedTest(Array<number>(10).fill(0.1)), 2 / 1024);
});

test('the recorded trials are ten pairs of searches with the same beginning', () => {
  const { done } = JSON.parse(readFileSync(join(__dirname, '../bench/search.json'), 'utf8')) as {
    done: Parameters<typeof searchTable>[0];
  };
  assert.equal(done.length, 10);
  for (const { random, tpe } of done) {
    assert.deepEqual([random.length, tpe.length], [30, 30]);
    assert.deepEqual(tpe.slice(0, 10), random.slice(0, 10));
  }
  const [, , first, ...others] = searchTable(done).split('\n');
  assert.match(first, /^\| 10 .* 0\.00 % \| +0 : 0 \| +1\.000 \|$/);
  assert.equal(others.length, 4);
  assert.match(equalSteps(done), /: random \d+\.\d\d %, TPE \d+\.\d\d %, p \d\.\d{3}$/);
});
