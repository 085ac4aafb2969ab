/**
 * A copy of the project to run its notebooks in, so that neither runs nor a front end's autosave touch the repository.
 * What is large and only read is a link.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root, venvPython } from '../../scripts/child_process';
import { createProject } from '../kernel/project';

export interface Mirror {
  folder: string;
  /** The tutorial's copy, not yet run: what is found in it later comes from the test's own run. */
  notebook: string;
  /** Where the tutorial's `new Run` puts its folder. */
  runs: string;
  write(path: string, text: string): void;
  remove(): void;
}

export const tutorial = join('notebooks', '01-tutorial.ipynb');
export const hyperparameters = join('notebooks', '02-hyperparameters.ipynb');
export const cells = join('notebooks', '03-cells.ipynb');
export const inside = join('notebooks', '04-inside.ipynb');
export const memory = join('notebooks', '05-memory.ipynb');
const results = join('notebooks', 'results');

/** What the tests' own runs of the tutorial have in their environment: a few training steps only. */
export const smoke = { ...process.env, SCANLINE_SMOKE: '1' };

export function createMirror(): Mirror {
  const project = createProject();
  const folder = join(project.notebooks, '..');
  for (const part of ['lib', 'scripts']) cpSync(join(root, part), join(folder, part), { recursive: true });
  for (const notebook of [tutorial, hyperparameters, cells, inside, memory]) {
    project.write(notebook, withoutOutputs(readFileSync(join(root, notebook), 'utf8')));
  }
  cpSync(join(root, results), join(folder, results), { recursive: true });
  for (const part of ['data', '.venv']) symlinkSync(join(root, part), join(folder, part));
  const runs = join(folder, 'runs');
  mkdirSync(runs);
  return { folder, notebook: join(folder, tutorial), runs, write: (path, text) => project.write(path, text), remove: () => project.remove() };
}

/**
 * Run a notebook in a copy of the project, for a few steps only.
 * @param notebook its path in the project
 * @param check gets the path of the notebook as it ran
 */
export function runInMirror(notebook: string, check: (path: string) => void): void {
  const mirror = createMirror();
  try {
    const path = join(mirror.folder, notebook);
    const { status, stderr } = spawnSync(venvPython, [join(root, 'scripts', 'run_notebook.py'), path, path], {
      ...{ cwd: mirror.folder, env: smoke, encoding: 'utf8' },
    });
    assert.equal(status, 0, stderr);
    check(path);
  } finally {
    mirror.remove();
  }
}

function withoutOutputs(text: string): string {
  const notebook = JSON.parse(text) as { cells: { cell_type: string }[] };
  const cells = notebook.cells.map(cell =>
    cell.cell_type === 'code' ? { ...cell, execution_count: null, outputs: [] } : cell,
  );
  return JSON.stringify({ ...notebook, cells });
}
