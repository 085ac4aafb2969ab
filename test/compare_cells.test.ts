/** `npm run compare-cells`, as the shell sees it, with two cells and a few images. */
import { clock } from '../lib/base/format';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { CellResults } from '../lib/views/cell_results';
import { root } from '../scripts/child_process';
import { TimeLeft } from '../scripts/compare_cells/time_left';
import { examples, writeExamples } from './data/idx_files';

const folder = mkdtempSync(join(tmpdir(), 'scanline-cells-'));
after(() => rmSync(folder, { recursive: true }));
const [data, runs, out] = ['data', 'runs', 'cells.json'].map(name => join(folder, name));
writeExamples(data, examples(6 * 64, 4, 4), examples(32, 4, 4));

const chosen = ['--tasks', 'rows', '--cells', 'basic RNN,LSTM, peepholes', '--seeds', '1'];
const small = ['--validation-size', '0', '--units', '6', '--epochs', '100', '--timing-steps', '2'];
const program = ['-r', 'ts-node/register', join('scripts', 'compare_cells.ts')];
const command = [...program, ...['--data', data, '--runs', runs, '--out', out, ...chosen, ...small]];
const readResults = () => JSON.parse(readFileSync(out, 'utf8')) as CellResults;
const cellsOf = (results: CellResults) =>
  results.tasks[0].cells.filter(({ label }) => ['basic RNN', 'LSTM, peepholes'].includes(label));

test('what Ctrl-C stopped goes on, and the results are written after each run', async () => {
  const child = spawn(process.execPath, command, { cwd: root });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += String(chunk);
  });
  // In the first run, when it has made a test.
  const started = setInterval(() => {
    if (!child.killed && hasTest()) child.kill('SIGINT');
  }, 20);
  const [status] = (await once(child, 'close')) as [number | null];
  clearInterval(started);
  assert.equal(status, 130);
  assert.match(printed, /stopped after step \d+ of 600/);
  assert.equal(readResults().complete, false);
  assert.deepEqual(
    cellsOf(readResults()).map(({ tests }) => tests.length),
    [0, 0],
  );

  const again = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  assert.deepEqual([again.status, again.stderr], [0, '']);
  assert.match(again.stdout, /== 1 of 2: rows, basic RNN, seed 0\n.*\n== 2 of 2: .*, some \d+:\d\d left/);
  assert.match(again.stdout, /basic RNN .* % .* % .* %\n/);
  assert.equal(readdirSync(runs).length, 2); // the first one went on

  const results = readResults();
  for (const { units, parameters, tests, msPerStep, rounds, firstStepSeconds, ...cell } of cellsOf(results)) {
    assert.ok(units > 1 && Math.abs(parameters / 226 - 1) < 0.1, `${units} units, ${parameters} parameters`);
    assert.equal(tests.length, 1);
    assert.equal(cell.median, tests[0].testError);
    assert.deepEqual(cell.range, [cell.median, cell.median]);
    assert.ok(msPerStep && firstStepSeconds && rounds?.length === 5);
  }
  assert.ok(results.machine.cores > 0 && results.versions.tensorflow && Date.parse(results.when));

  const third = spawnSync(process.execPath, [...command, '--no-timing'], { cwd: root, encoding: 'utf8' });
  assert.equal(third.status, 0);
  assert.ok(!third.stdout.includes('=='), third.stdout); // nothing is trained anew
  assert.deepEqual(readResults().tasks, results.tasks); // and nothing is lost
});

/** Does the run in training have a test yet? */
function hasTest(): boolean {
  try {
    const [run] = readdirSync(runs);
    return readFileSync(join(runs, run, 'metrics.jsonl'), 'utf8').includes('testError');
  } catch {
    return false;
  }
}

test('a cell that there is not is refused, and those there are are named', () => {
  const unknown = [...program, '--cells', 'GRU,RNN'];
  const { status, stderr } = spawnSync(process.execPath, unknown, { cwd: root, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /^Expected --cells to be one of basic RNN; .*, found RNN; did you mean .*\n$/);
});

test('the time left counts on runs of the same kind, else on those of the same task, else on any', () => {
  const left = new TimeLeft();
  assert.equal(left.estimate([{ kind: 'GRU', task: 'rows' }]), undefined);
  left.add('GRU', 'rows', 10);
  left.add('LSTM', 'rows', 20);
  const waiting = [
    { kind: 'GRU', task: 'rows' },
    { kind: 'MGU', task: 'rows' },
    { kind: 'GRU', task: 'blocks' },
  ];
  assert.equal(left.estimate(waiting), 10 + 15 + 15);
  assert.deepEqual([59.6, 3723].map(clock), ['1:00', '1:02:03']);
});
