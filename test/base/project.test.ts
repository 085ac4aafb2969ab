/** Where `data/` and `runs/` are: one rule for notebooks, programs and the shell. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import ts from 'typescript';
import { pathInProject, projectPath, projectRoot } from '../../lib/base/project';
import { root } from '../../scripts/child_process';

const start = process.cwd();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'scanline-project-')));
afterEach(() => process.chdir(start));
process.once('exit', () => rmSync(folder, { recursive: true }));

function enter(...parts: string[]): string {
  const path = join(folder, ...parts);
  mkdirSync(path, { recursive: true });
  process.chdir(path);
  return path;
}

test("this project's notebooks mean its own root", () => {
  process.chdir(join(root, 'notebooks'));
  assert.equal(projectPath('data/mnist'), join(root, 'data', 'mnist'));
  assert.equal(pathInProject(join(root, 'runs', 'a')), join('runs', 'a'));
});

test("another project's notebooks mean that one's root", () => {
  const other = enter('other');
  writeFileSync(join(other, 'package.json'), '{}');
  enter('other', 'some', 'notebooks');
  assert.equal(projectPath('runs'), join(other, 'runs'));
});

test('a notebook that is in no project means the one that Scanline is in', () => {
  enter('nowhere');
  assert.equal(projectRoot(), root);
  assert.equal(projectPath('data/mnist'), join(root, 'data', 'mnist'));
  assert.equal(projectPath('/elsewhere'), '/elsewhere');
});

test('of an installed package it means its own folder', async () => {
  const installed = enter('node_modules', 'scanline', 'lib', 'base');
  const source = readFileSync(join(root, 'lib', 'base', 'project.ts'), 'utf8');
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  writeFileSync(join(installed, 'project.js'), ts.transpileModule(source, { compilerOptions }).outputText);
  const copy = (await import(join(installed, 'project.js'))) as { projectRoot(): string };
  const here = enter('nowhere');
  assert.equal(copy.projectRoot(), here);
});
