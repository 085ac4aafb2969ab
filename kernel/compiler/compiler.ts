/** From the text of a cell to JavaScript, with all that was declared before it. */
import ts from 'typescript';
import { unloadModules } from '../modules';
import { nameCell } from '../traces';
import { completionOf, type Completion } from './completion';
import { Docstrings } from './docstrings';
import { findChangedFiles } from './files';
import { helpAt, type Help } from './help';
import { Library } from './library';
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

export class CellCompiler {
  private readonly service: CellService;
  private readonly names: Names;
  private readonly projectLibrary: Library;
  private readonly checks: TypeChecks;
  private readonly docstrings = new Docstrings();

  /** @param folder the notebook's */
  constructor(folder: string) {
    this.service = createCellService(folder);
    this.names = new Names(folder);
    this.projectLibrary = new Library(folder);
    this.checks = new TypeChecks(folder, name => this.explainUnknown(name));
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
    const found = service.getCompletionsAtPosition(path, start + position, { includeSymbol: true });
    const checker = service.getProgram()?.getTypeChecker();
    return completionOf(found, code, position, {
      offset: start,
      checker,
      projectLibrary: this.projectLibrary,
    });
  }

  inspect(code: string, position: number): Help | undefined {
    this.noticeChangedFiles();
    const { path } = this.service;
    const { whole, start, end } = this.names.textOf(code);
    if (start + position > end) return undefined;
    return helpAt(this.service.serviceOf(whole), path, start + position, this.docstrings);
  }

  /** Why a name is not known, if there is more to say than that. */
  private explainUnknown(name: string): string | undefined {
    const cell = this.names.unreachedIn(name);
    if (cell) return `${cell} declares it, but broke off before that line.`;
    if (!this.projectLibrary.exports.has(name)) return undefined;
    return `it has to be imported: import { ${name} } from '${this.projectLibrary.specifier}';`;
  }

  private noticeChangedFiles(): void {
    const changed = findChangedFiles();
    if (changed.length === 0) return;
    this.checks.forget();
    this.projectLibrary.forget();
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
