/**
 * The main job, `npm start`: the tutorial from first to last cell, as a notebook and as a page in out/. The page links to
 * the other notebooks, as they are committed.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readRun } from '../lib/runs/read_run';
import { root, runProgram, venvPython } from './child_process';
import { executeNotebook } from './execute_notebook';
import { NpmCommand, start } from './npm_command';

const notebook = join('out', '01-tutorial.ipynb');
const page = join('out', '01-tutorial.html');
const others = ['02-hyperparameters', '03-cells', '04-inside', '05-memory'].map(name =>
  join('notebooks', `${name}.ipynb`),
);

function tutorialRuns(): string[] {
  const folder = join(root, 'runs');
  return existsSync(folder) ? readdirSync(folder).filter(name => /-tutorial(-\d+)?$/.test(name)) : [];
}

/** The last test that the run recorded. */
function testError(run: string): number | undefined {
  return readRun(join(root, 'runs', run)).test.at(-1)?.testError;
}

async function main(): Promise<void> {
  const before = new Set(tutorialRuns());
  console.log('Running the tutorial from first to last cell');
  await executeNotebook(join('notebooks', '01-tutorial.ipynb'), notebook);
  console.log('Making pages of it and of the other notebooks');
  const status = await runProgram(venvPython, [
    join('scripts', 'notebook_to_html.py'),
    'out',
    notebook,
    ...others,
  ]);
  if (status !== 0) process.exit(status);
  const run = tutorialRuns().find(name => !before.has(name));
  console.log(`
Test error: ${run ? testError(run)?.toFixed(4) : 'none recorded'}
The notebook as it ran:  ${notebook}
The same as a page:      ${page}  (for a browser, also offline)
The run's folder:        ${run ? join('runs', run) : 'none'}

npm run lab          opens the tutorial in JupyterLab
npm run tensorboard  shows the curves in TensorBoard`);
}

export const command = new NpmCommand(
  'npm start',
  'Set up, run the tutorial from first to last cell, and leave it in out/ as a notebook and as a page.',
  [''],
).action(main);

if (require.main === module) void start(command);
