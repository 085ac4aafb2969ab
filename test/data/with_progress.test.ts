import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe, withProgress } from '../../lib/data/with_progress';

const progress = { received: 5_200_000, total: 9_900_000, bytesPerSecond: 1_300_000, secondsLeft: 3.6 };

/** Reports progress at these times, in seconds; returns the lines printed. */
async function linesAt(times: number[], terminal = false): Promise<string[]> {
  let time = 0;
  const lines: string[] = [];
  const screen = { terminal, now: () => time, log: (line: string) => lines.push(line) };
  const result = await withProgress(
    'https://somewhere/images.gz',
    report => {
      for (time of times) report({ ...progress, received: time * 1e6 });
      return Promise.resolve('done');
    },
    screen,
  );
  assert.equal(result, 'done');
  return lines;
}

test('a line says how much is here, how fast it comes and how long it will take', () => {
  assert.equal(describe(progress), '5.2 of 9.9 MB, 1.3 MB/s, 4 s left');
  assert.equal(describe({ received: 5_200_000, bytesPerSecond: 1_300_000 }), '5.2 MB, 1.3 MB/s');
});

test('what is done within two seconds is not shown', async () => {
  assert.deepEqual(await linesAt([0.5, 1, 1.9]), []);
});

test('without a terminal: a line every two seconds', async () => {
  assert.deepEqual(await linesAt([1, 2, 3, 3.9, 4.5, 5, 7]), [
    'images.gz: 2.0 of 9.9 MB, 1.3 MB/s, 4 s left',
    'images.gz: 4.5 of 9.9 MB, 1.3 MB/s, 4 s left',
    'images.gz: 7.0 of 9.9 MB, 1.3 MB/s, 4 s left',
  ]);
});

test('on a terminal no lines are printed, and errors come through', async () => {
  assert.deepEqual(await linesAt([1, 2, 5], true), []);
  await assert.rejects(
    withProgress('x', () => Promise.reject(new Error('broken'))),
    /broken/,
  );
});
