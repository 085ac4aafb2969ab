/**
 * Check the types of the notebooks' cells, and of the examples in the docstrings of lib/: each notebook is one module, its
 * cells in order, and each example one, as strict as lib is.
 * The files exist in memory only, in the notebook's folder, so that `'../lib'` means there what it means in a cell.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { z } from 'zod';
import { cellOptions } from '../kernel/compiler/options';
import { root } from './child_process';
import { docExamples, moduleOf, type DocExample } from './doc_examples';
import { NpmCommand, start } from './npm_command';

const notebookSchema = z.object({
  cells: z.array(z.object({ cell_type: z.string(), source: z.union([z.string(), z.array(z.string())]) })),
});

/** A notebook as one module, and the line of it at which each code cell begins. */
interface CellModule {
  text: string;
  /** number: the cell's place among all cells of the notebook, 1 for the first */
  cells: { number: number; firstLine: number }[];
}

function toModule(path: string): CellModule {
  const cells: CellModule['cells'] = [];
  const lines = ['export {};'];
  const notebook = notebookSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  notebook.cells.forEach(({ cell_type, source }, i) => {
    if (cell_type !== 'code') return;
    cells.push({ number: i + 1, firstLine: lines.length });
    lines.push(...[source].flat().join('').split('\n'));
  });
  return { text: lines.join('\n'), cells };
}

/** Its lines are counted from the first of the example. */
function exampleModule(example: DocExample): CellModule {
  return { text: moduleOf(example), cells: [{ number: 1, firstLine: 1 }] };
}

function describe(diagnostic: ts.Diagnostic, modules: Map<string, CellModule>): string {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
  const { file, start } = diagnostic;
  const module = file && modules.get(file.fileName);
  if (!file || start === undefined || !module) return message;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const cell = [...module.cells].reverse().find(({ firstLine }) => firstLine <= line);
  const place = cell ? `cell ${cell.number}, line ${line - cell.firstLine + 1}` : `line ${line + 1}`;
  return `${file.fileName.replace(/\.ts$/, '')}, ${place}, column ${character + 1}: ${message}`;
}

function main(): void {
  const folder = join(root, 'notebooks');
  const notebooks = readdirSync(folder).filter(name => name.endsWith('.ipynb'));
  const modules = new Map(notebooks.map(name => [join(folder, `${name}.ts`), toModule(join(folder, name))]));
  const examples = docExamples();
  for (const example of examples)
    modules.set(join(root, `${example.file}:${example.line}.ts`), exampleModule(example));
  const options = { ...cellOptions(folder), noEmit: true };
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  host.fileExists = path => modules.has(path) || onDisk.fileExists(path);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const module = modules.get(path);
    if (!module) return onDisk.getSourceFile(path, languageVersion, ...rest);
    return ts.createSourceFile(path, module.text, languageVersion, true);
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  const diagnostics = ts.getPreEmitDiagnostics(program);
  for (const diagnostic of diagnostics) console.error(describe(diagnostic, modules));
  console.log(
    `${notebooks.length} notebooks, ${examples.length} examples in docstrings, ${diagnostics.length} type errors`,
  );
  process.exitCode = diagnostics.length > 0 ? 1 : 0;
}

export const command = new NpmCommand(
  'npm run typecheck',
  "Check the types of all code, the notebooks' cells and the docstrings' examples included.",
  [''],
).action(main);

if (require.main === module) void start(command);
