/** A message recommends what exists where it is read. */
import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { parseHyperparameters, type HyperparametersInput } from '../lib/model/hyperparameters';
import { setCurrentKernel, type KernelApi } from '../lib/display/kernel_api';
import { setPlace } from '../lib/base/remedy';
import { findRuns } from '../lib/runs/list_runs';
import { readRun } from '../lib/runs/read_run';
import { runsTable } from '../lib/views/show_runs';
import { sweepFolder } from '../lib/search/sweep_file';

afterEach(() => {
  setCurrentKernel(undefined);
  setPlace('program');
});

/** The same message in a notebook, in a shell, and in a program built on the library. */
function everywhere(message: () => string): Record<'notebook' | 'shell' | 'program', string> {
  setCurrentKernel({} as KernelApi);
  const notebook = message();
  setCurrentKernel(undefined);
  setPlace('shell');
  const shell = message();
  setPlace('program');
  return { notebook, shell, program: message() };
}

function complaint(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('Nothing was complained of');
}

function temporaryFolder(t: { after(clean: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'scanline-remedy-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('a run that is not there: how to list those that are, and the ones whose names are near', t => {
  const folder = temporaryFolder(t);
  for (const name of ['2026-11-23_09-35-57-tutorial', '2026-11-24_09-35-57-tutorial']) {
    mkdirSync(join(folder, name));
  }
  const { notebook, shell, program } = everywhere(() => complaint(() => readRun(join(folder, 'tutoral'))));
  const suggestion = '; did you mean 2026-11-24_09-35-57-tutorial or 2026-11-23_09-35-57-tutorial?';
  const expected = `Expected a run's folder, found nothing at ${join(folder, 'tutoral')}: `;
  assert.equal(notebook, `${expected}listRuns() shows those there are${suggestion}`);
  assert.equal(shell, `${expected}npm run runs lists those there are${suggestion}`);
  assert.equal(program, `${expected}look into ${folder}${suggestion}`);
});

test('no runs: how to make one', t => {
  const directory = temporaryFolder(t);
  const notes = everywhere(() => runsTable(findRuns({ directory }), { directory }).notes?.join() ?? '');
  assert.deepEqual(notes, {
    notebook: `No runs in ${directory}: createRun(…) makes one`,
    shell: `No runs in ${directory}: npm run train makes one`,
    program: `No runs in ${directory}`,
  });
});

test('settings are called what the user called them', () => {
  const input = { cell: { kind: 'lstm', forgetBias: 99 }, numLayers: 0 } as HyperparametersInput;
  const { notebook, shell, program } = everywhere(() => complaint(() => parseHyperparameters(input)));
  assert.match(notebook, /\n {2}cell\.forgetBias: found 99.*\n {2}numLayers: found 0/);
  assert.match(shell, /\n {2}--forget-bias: found 99.*\n {2}--num-layers: found 0/);
  assert.equal(program, notebook);
});

test('a sweep that is not there', () => {
  assert.match(
    complaint(() => sweepFolder('none')),
    /^Expected a sweep's folder, found no sweep\.json in .*none: look into /,
  );
});

for (const [what, input, expected] of [
  [
    'a misspelled setting',
    { numHiden: 3 },
    /numHiden: no such setting; there are .*; did you mean numHidden\?/,
  ],
  ['a setting of the cell beside it', { forgetBais: 1 }, /forgetBais: .*; did you mean cell\.forgetBias\?/],
  [
    'a setting of other kinds',
    { cell: { kind: 'gru', peepholes: true } },
    /; those of kind lstm, .* have it/,
  ],
  ['a misspelled kind', { cell: { kind: 'lsmt' } }, /cell\.kind: found "lsmt"; .*; did you mean lstm\?/],
  ['a kind in another case', { optimizer: { kind: 'Adam' } }, /; did you mean adam\?/],
  ['a misspelled name', { cell: { kind: 'lstm', activation: 'rleu' } }, /; did you mean relu or elu\?/],
] as const) {
  test(`${what} is suggested as it should be`, () => {
    assert.match(
      complaint(() => parseHyperparameters(input as object)),
      expected,
    );
  });
}
