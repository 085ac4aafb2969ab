/** A library that earlier kernels have checked is not checked again, unless something that the result depends on changed. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import ts from 'typescript';
import { CheckedFiles } from '../../kernel/compiler/checked_files';
import { CellCompiler } from '../../kernel/compiler/compiler';
import { createProject, type TestProject } from './project';

describe('files that were checked', () => {
  let project: TestProject;
  /** As a new kernel compiles its first cell. */
  const compile = (code: string) => new CellCompiler(project.notebooks).compile(code, '<cell 1>');

  beforeEach(() => {
    project = createProject({
      'lib/width.ts': 'export const width: number = 28;\n',
      'lib/area.ts': "import { width } from './width';\nexport const area: number = width * width;\n",
      // Something that no other project has: what is kept outlives the test.
      'lib/mark.ts': `export const mark = '${Math.random()} ${Date.now()}';\n`,
    });
  });
  afterEach(() => project.remove());

  /** A program over files of the project. */
  function programOf(names: string[], options: ts.CompilerOptions): [ts.SourceFile[], ts.Program] {
    const paths = names.map(name => join(project.notebooks, '..', name));
    const program = ts.createProgram(paths, { noLib: true, types: [], ...options });
    return [paths.map(path => program.getSourceFile(path)!), program];
  }
  const keep = (names: string[]) => new CheckedFiles(project.notebooks).keep(...programOf(names, {}));
  const areKnown = (names: string[], options: ts.CompilerOptions = {}) =>
    new CheckedFiles(project.notebooks).areRight(...programOf(names, options));

  test('are known once they were right, as long as nothing changes', () => {
    const names = ['lib/area.ts', 'lib/width.ts', 'lib/mark.ts'];
    assert.ok(!areKnown(names));
    keep(names);
    assert.ok(areKnown(names));
    assert.ok(!areKnown(['lib/width.ts', 'lib/mark.ts']), 'fewer files');
    assert.ok(!areKnown(names, { strict: true }), 'other settings');
    project.write('lib/width.ts', 'export const width: number = 29;\n');
    assert.ok(!areKnown(names), 'another text');
  });

  test('are checked again when a file that they import changes', () => {
    const cell = "import { area } from '../lib/area';\nimport '../lib/mark';";
    compile(cell);
    project.write('lib/width.ts', "export const width: string = 'wide';\n");
    assert.throws(() => compile(cell), /lib\/area\.ts:2:\d+ - error TS2362/);
  });

  test('say nothing about others that a cell before them imported', () => {
    project.write('lib/wrong.ts', 'export const depth: number = true;\n');
    const compiler = new CellCompiler(project.notebooks);
    assert.throws(() => compiler.compile("import { depth } from '../lib/wrong';", '<cell 1>'), /TS2322/);
    compiler.compile("import '../lib/mark';", '<cell 2>');
    const both = "import { depth } from '../lib/wrong';\nimport '../lib/mark';";
    assert.throws(() => compiler.compile(both, '<cell 3>'), /lib\/wrong\.ts:1:14 - error TS2322/);
  });
});
