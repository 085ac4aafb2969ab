/** Mistakes in a notebook's cells: the messages suggest what was meant, and calls rather than commands of a shell. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { KernelClient } from '../kernel/kernel_client';
import { createMirror, type Mirror } from './mirror';

const limit = { timeout: 300_000 };
let mirror: Mirror;
let kernel: KernelClient;

before(async () => {
  mirror = createMirror();
  mkdirSync(join(mirror.folder, 'runs', '2026-11-23_09-35-57-tutorial'), { recursive: true });
  kernel = await KernelClient.start(join(mirror.folder, 'notebooks'));
  const { reply, traceback } = await kernel.execute(
    `import { compareRuns, createRun, fork, listRuns, readDataSets, readRun, resume, sweep, watch } from '../lib';
    const mnist = await readDataSets('data/mnist');
    const few = { train: mnist.train.take(100), test: mnist.test.take(10) };`,
  );
  assert.equal(reply.status, 'ok', traceback);
}, limit);
after(async () => {
  await (kernel as KernelClient | undefined)?.close();
  mirror.remove();
}, limit);

const absentRun = /listRuns\(\) shows those there are; did you mean 2026-11-23_09-35-57-tutorial\?/;
const cells: [cell: string, expected: RegExp][] = [
  [`readRun('tutoral');`, absentRun],
  [`resume('tutoral', few);`, absentRun],
  [`fork('tutoral', few);`, absentRun],
  [`watch('tutoral');`, absentRun],
  [`compareRuns(['tutoral', 'tutorial']);`, absentRun],
  [`createRun(few, { numHiden: 3 } as object);`, /numHiden: no such setting; .*did you mean numHidden\?/s],
  [`createRun(few, { cell: { kind: 'lsmt' } } as object);`, /cell\.kind: found "lsmt".*did you mean lstm\?/s],
  [`await sweep(few, { lerningRate: { kind: 'uniform', min: 1, max: 2 } } as object, { trials: 1 });`, /did you mean learningRate\?/],
  [`await readDataSets('data/fashon-mnist');`, /did you mean fashion-mnist\?/],
  [`await readDataSets('data/mnist', { validationSize: 60000 });`, /Expected a validationSize from 0 to 59999/],
];

for (const [cell, expected] of cells) {
  test(cell, limit, async () => {
    const { reply, traceback } = await kernel.execute(cell);
    assert.equal(reply.status, 'error');
    assert.match(traceback, expected);
    assert.doesNotMatch(traceback, /npm run|--[a-z]/);
  });
}

test('no runs: the call that makes one', limit, async () => {
  const { messages } = await kernel.execute(`listRuns({ directory: 'none' });`);
  const text = JSON.stringify(messages);
  assert.match(text, /No runs in none: createRun\(…\) makes one/);
  assert.doesNotMatch(text, /npm run/);
});
