import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from './kernel_client';
import { limit } from './kernel_test';
import { createProject, type TestProject } from './project';

interface Executed {
  outputs: { output_type: string; name?: string; text?: string; ename?: string }[][];
  /** nbclient's CellExecutionError, as text. */
  error: string | null;
  metadata: { kernelspec: object; language_info: { name: string; version: string } };
}

let project: TestProject;
before(() => {
  project = createProject({
    'lib/fail.ts': `export function fail() {\n  throw new RangeError('too far');\n}`,
  });
});
after(() => project.remove());

function runNotebook(cells: string[], ...options: string[]): Executed {
  const { stdout, stderr, status } = spawnSync(
    join(root, '.venv', 'bin', 'python'),
    [join(__dirname, 'run_notebook.py'), project.notebooks, ...options],
    { input: JSON.stringify(cells), encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Executed;
}

test('a notebook runs, with all output in its cells', limit, () => {
  const { outputs, error, metadata } = runNotebook([
    `import { fail } from '../lib/fail';\nconsole.log('one');`,
    `void Promise.reject(new Error('forgotten'));\nawait null;\n'two'`,
    `import { display } from 'tslab';\ndisplay.html('<b>3</b>');`,
  ]);
  assert.equal(error, null);
  assert.equal(outputs[0][0].text, 'one\n');
  assert.deepEqual(outputs[1].map(({ name }) => name).sort(), ['stderr', 'stdout']);
  assert.equal(outputs[2][0].output_type, 'display_data');
  assert.equal(metadata.language_info.name, 'typescript');
  assert.equal(metadata.language_info.version, '5.9.3');
});

test('an error is quoted with its place', limit, () => {
  const { error } = runNotebook([`import { fail } from '../lib/fail';\nfail();`]);
  assert.match(error ?? '', /RangeError: too far[^]*at fail \(lib\/fail\.ts:2:9\)\n.*<cell 1>:2:/);
});

test('so is a type error', limit, () => {
  const { error } = runNotebook([`const wrong: number = 'one';`]);
  assert.match(error ?? '', /<cell 1>:1:7 - error TS2322: Type 'string'/);
  assert.match(error ?? '', / {4}const wrong: number = 'one';\n {10}~~~~~\n/);
});

test('with errors allowed every cell runs', limit, () => {
  const { outputs, error } = runNotebook(
    [`throw new Error('one');`, `const wrong: number = 'two';`, `console.log('three');`],
    'allow-errors',
  );
  assert.equal(error, null);
  assert.deepEqual(
    outputs.map(([output]) => output.ename ?? output.text),
    ['Error', 'TypeScriptError', 'three\n'],
  );
});
