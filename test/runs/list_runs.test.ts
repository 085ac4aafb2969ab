import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, describe, mock, test } from 'node:test';
import { setCurrentKernel, type KernelApi, type MimeBundle } from '../../lib/display/kernel_api';
import { findRuns } from '../../lib/runs/list_runs';
import { Run } from '../../lib/runs/run';
import { listRuns, runsTable } from '../../lib/views/show_runs';
import { root } from '../../scripts/child_process';
import { runsFolder } from '../support/training';

/** A run that was recorded without a training: four steps, and a test with each of the error rates. */
function record(directory: string, name: string, errorRates: number[], hyperparameters: object = {}): Run {
  const run = new Run({ name, hyperparameters: { numHidden: 8, ...hyperparameters }, directory });
  for (let step = 1; step <= 4; step++) run.logTrain(0, { loss: 1 / step, errorRate: 0.5 });
  for (const errorRate of errorRates) run.logTest(0, { errorRate, meanLoss: 1 });
  return run;
}

function finished(...args: Parameters<typeof record>): string {
  const run = record(...args);
  run.close();
  return run.folder;
}

/** Each with another damage, beside a run that is whole. */
function damagedRuns(): string {
  const directory = runsFolder();
  const damage: Record<string, (folder: string) => void> = {
    whole: () => {},
    cut: folder => appendFileSync(join(folder, 'metrics.jsonl'), '{"step":5,"lo'),
    nameless: folder => rmSync(join(folder, 'run.json')),
    garbage: folder => writeFileSync(join(folder, 'run.json'), '<html>'),
    later: folder => {
      const info = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as object;
      writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...info, format: 2 }));
    },
    unset: folder => rmSync(join(folder, 'hyperparameters.json')),
  };
  for (const [name, apply] of Object.entries(damage)) apply(finished(directory, name, [0.25]));
  mkdirSync(join(directory, 'no-run'));
  writeFileSync(join(directory, 'file'), '');
  return directory;
}

const last = (id: string) => id.split('-').at(-1)!;

afterEach(() => {
  setCurrentKernel(undefined);
  mock.restoreAll();
});

describe('damaged folders', () => {
  const directory = damagedRuns();
  const list = findRuns({ directory });
  const { notes = [], rows } = runsTable(list);
  const noteOn = (name: string) => notes.filter(note => note.split(' ')[0].endsWith(`-${name}`)).join();

  test('are listed with what can be read of them', () => {
    assert.deepEqual(list.runs.map(({ id }) => last(id)).sort(), [
      'cut',
      'garbage',
      'nameless',
      'unset',
      'whole',
    ]);
    assert.deepEqual(rows.length, 5);
    for (const row of rows) assert.deepEqual(row.slice(-4, -1), ['25.00', '25.00', '4']);
    const states = Object.fromEntries(list.runs.map(({ id, info }) => [last(id), info.state]));
    assert.deepEqual(
      [states.whole, states.cut, states.nameless, states.garbage],
      ['finished', 'finished', 'broke off', 'broke off'],
    );
  });

  test('are named with the damage below the table, the whole one is not', () => {
    assert.equal(notes.length, 5);
    assert.equal(noteOn('whole'), '');
    assert.match(noteOn('cut'), /is damaged: metrics\.jsonl: line 6 is cut off/);
    assert.match(noteOn('nameless'), /is damaged: run\.json: missing/);
    assert.match(noteOn('garbage'), /is damaged: run\.json: damaged/);
    assert.match(noteOn('unset'), /is damaged: hyperparameters\.json: missing/);
  });

  test('of a later version are named with the reason', () => {
    assert.deepEqual(
      list.unreadable.map(({ id }) => last(id)),
      ['later'],
    );
    assert.match(noteOn('later'), /cannot be read: Expected a run of format 1 or older .* found format 2/);
  });
});

describe('the list', () => {
  const directory = runsFolder();
  finished(directory, 'a', [0.3, 0.5], { cell: { kind: 'gru' } });
  finished(directory, 'b', [0.2, 0.6], { cell: { kind: 'lstm' } });
  finished(directory, 'c', [], { cell: { kind: 'gru' } });
  const broken = record(directory, 'd', [0.4], { cell: { kind: 'gru' } });
  broken.close('broke off', 'the loss is <b>NaN</b>');
  const order = (sortBy?: 'bestTestError' | 'lastTestError' | 'started' | 'seconds') =>
    findRuns({ directory, sortBy }).runs.map(({ id }) => last(id));

  test('is sorted by the best test error, or as asked; runs without a test come last', () => {
    assert.deepEqual(order(), ['b', 'a', 'd', 'c']);
    assert.deepEqual(order('lastTestError'), ['d', 'a', 'b', 'c']);
    const { runs: byTime } = findRuns({ directory, sortBy: 'seconds' });
    const seconds = byTime.map(run => run.seconds);
    assert.deepEqual(
      seconds,
      [...seconds].sort((a, b) => b - a),
    );
    const { runs: byStart } = findRuns({ directory, sortBy: 'started' });
    const started = byStart.map(({ info }) => info.started);
    assert.deepEqual(started, [...started].sort().reverse());
  });

  test('has a column for each setting that differs, and no other', () => {
    const { columns, rows } = runsTable(findRuns({ directory }));
    assert.deepEqual(
      columns.map(({ title }) => title),
      ['run', 'state', 'cell.kind', 'best test error (%)', 'last test error (%)', 'steps', 'time'],
    );
    assert.deepEqual(rows[0].slice(1), ['finished', 'lstm', '20.00', '60.00', '4', '0:00']);
    assert.deepEqual(rows[3].slice(1), ['finished', 'gru', '–', '–', '4', '0:00']);
  });

  test('is one output in a notebook, a table and its text; names and reasons are escaped', () => {
    const shown: MimeBundle[] = [];
    setCurrentKernel({ display: (bundle: MimeBundle) => void shown.push(bundle) } as KernelApi);
    const { runs } = listRuns({ directory });
    assert.equal(runs.length, 4);
    assert.equal(shown.length, 1);
    assert.deepEqual(Object.keys(shown[0]), ['text/html', 'text/plain']);
    const html = shown[0]['text/html'] as string;
    assert.equal(html.match(/<tr>/g)!.length, 5);
    assert.match(html, /broke off: the loss is &lt;b&gt;NaN&lt;\/b&gt;/);
    assert.doesNotMatch(html, /color/);
    assert.match(shown[0]['text/plain'] as string, /the loss is <b>NaN<\/b>/);
  });

  test('is printed outside a notebook, with columns below each other', () => {
    const log = mock.method(console, 'log', () => undefined);
    listRuns({ directory });
    assert.equal(log.mock.callCount(), 1);
    const lines = String(log.mock.calls[0].arguments[0]).split('\n');
    assert.equal(lines.length, 2 + 4 + 2);
    const at = lines[0].indexOf('cell.kind');
    assert.equal(lines[2].slice(at, at + 4), 'lstm');
    const end = lines[0].indexOf('best test error (%)') + 'best test error (%)'.length;
    assert.deepEqual(
      lines.slice(2, 6).map(line => line.slice(end - 5, end)),
      ['20.00', '30.00', '40.00', '    –'],
    );
  });

  test('tells of a run in training that it is running', () => {
    const running = record(directory, 'e', [0.1]);
    const found = findRuns({ directory }).runs[0];
    assert.deepEqual([found.folder, found.info.state], [running.folder, 'running']);
    running.close();
    rmSync(running.folder, { recursive: true });
  });

  test('comes to the shell as well', () => {
    const script = ['-r', 'ts-node/register/transpile-only', join('scripts', 'runs.ts'), '--runs', directory];
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [...script, ...args], { cwd: root, encoding: 'utf8' });
    const { status, stdout } = run('--sort', 'last');
    assert.equal(status, 0);
    const ids = stdout
      .split('\n')
      .slice(2, 6)
      .map(line => last(line.split(' ')[0]));
    assert.deepEqual(ids, ['d', 'a', 'b', 'c']);
    assert.match(
      run('--sort', 'tiem').stderr,
      /of best, last, started, time, found tiem; did you mean time\?/,
    );
  });
});

test('no runs are a table too, which says how to make one', () => {
  const directory = runsFolder();
  for (const folder of [directory, join(directory, basename(directory))]) {
    const { rows, notes } = runsTable(findRuns({ directory: folder }), { directory: folder });
    assert.deepEqual(rows, []);
    assert.deepEqual(notes, [`No runs in ${folder}`]);
  }
});
