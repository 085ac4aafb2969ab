/** From the text of a cell to JavaScript, with all that was declared before it. */
import ts from 'typescript';
import { unloadModules } from '../modules';
import { nameCell } from '../traces';
import { findChangedFiles } from './files';
import { Names } from './names';
import { rewriteCell } from './rewrite';
import { createCellService, type CellService } from './service';
import { TypeChecks } from './type_errors';

export interface CompiledCell {
  /** Returns the function described in rewrite.ts. */
  code: string;
  /** The name to give to the script, by which traces find the cell. */
  scriptName: string;
  /** To be called when the cell has run, with its names whose declaration was executed. */
  keep: (reached: ReadonlySet<string>) => void;
}

export interface Completion {
  /** What is to be replaced, in UTF-16 units. */
  start: number;
  end: number;
  candidates: string[];
}

export class CellCompiler {
  private readonly service: CellService;
  private readonly names: Names;
  private readonly checks: TypeChecks;

  /** @param folder the notebook's */
  constructor(folder: string) {
    this.service = createCellService(folder);
    this.names = new Names(folder);
    this.checks = new TypeChecks(folder, name => this.names.unreachedIn(name));
  }

  /**
   * @param label how traces and errors call it: `<cell 3>`
   * @throws TypeScriptError
   */
  compile(code: string, label: string): CompiledCell {
    this.noticeChangedFiles();
    const { path } = this.service;
    const text = this.names.textOf(code);
    const program = this.service.programOf(text.whole);
    this.checks.check(program, path, text, label);
    const { code: output, map } = emit(program, path);
    return {
      code: output,
      scriptName: nameCell(label, map),
      keep: reached => this.names.keep(text, program, path, reached, label),
    };
  }

  /** Check a cell that is a module. @throws TypeScriptError */
  checkModule(name: string): void {
    const { path } = this.service;
    const text = this.names.textOf(`import './${name}';`);
    this.checks.check(this.service.programOf(text.whole), path, text, name);
  }

  complete(code: string, position: number): Completion {
    this.noticeChangedFiles();
    const { path } = this.service;
    const { whole, start } = this.names.textOf(code, true);
    const service = this.service.serviceOf(whole);
    const found = service.getCompletionsAtPosition(path, start + position, {});
    const span = wordAt(code, position);
    const names = (found?.entries ?? []).map(({ name }) => name);
    return { ...span, candidates: bestMatches(names, code.slice(span.start, span.end)) };
  }

  inspect(code: string, position: number): ts.QuickInfo | undefined {
    this.noticeChangedFiles();
    const { path } = this.service;
    const { whole, start, end } = this.names.textOf(code);
    if (start + position > end) return undefined;
    return this.service.serviceOf(whole).getQuickInfoAtPosition(path, start + position);
  }

  private noticeChangedFiles(): void {
    const changed = findChangedFiles();
    if (changed.length === 0) return;
    this.checks.forget();
    unloadModules(changed);
  }
}

function emit(program: ts.Program, path: string): { code: string; map: string } {
  let output = '';
  const write: ts.WriteFileCallback = (_, text) => (output = text);
  program.emit(program.getSourceFile(path), write, undefined, false, { before: [rewriteCell(program)] });
  const [, code, map] =
    /^([^]*?)(?:export \{\};\s*)?\/\/# sourceMappingURL=data:[^,]*;base64,(\S+)\s*$/.exec(output) ?? [];
  if (code === undefined) throw new Error('TypeScript should have emitted the cell with its source map');
  return { code, map };
}

/** The name that the cursor is in or behind: it will be replaced. */
function wordAt(code: string, position: number): { start: number; end: number } {
  const before = /[\p{ID_Continue}$]*$/u.exec(code.slice(0, position))?.[0] ?? '';
  const after = /^[\p{ID_Continue}$]*/u.exec(code.slice(position))?.[0] ?? '';
  return { start: position - before.length, end: position + after.length };
}

/** Names that begin with the word, then those that do so in other case, then those that contain it. */
function bestMatches(names: readonly string[], word: string): string[] {
  const lower = word.toLowerCase();
  const rank = (name: string) =>
    name.startsWith(word)
      ? 0
      : name.toLowerCase().startsWith(lower)
        ? 1
        : name.toLowerCase().includes(lower)
          ? 2
          : 3;
  return [0, 1, 2].flatMap(wanted => names.filter(name => rank(name) === wanted));
}
