/** Type errors stop a cell, with position, source line and message, as an error like any other. */
import { relative, sep } from 'node:path';
import ts from 'typescript';
import { CheckedFiles } from './checked_files';
import type { CellText } from './names';
import { projectRoot } from './options';
import { isAboveCell } from './shared';

/** All complaints about a cell and the files that it imports. */
export class TypeScriptError extends Error {
  override readonly name = 'TypeScriptError';

  /** @param details the complaints with source line and marks */
  constructor(
    message: string,
    readonly details: string,
  ) {
    super(message);
  }
}

/** TypeScript's codes for a name that is not known: with and without a proposal, as a namespace, and in `{ name }`. */
const unknownName = [2304, 2552, 2503, 2833, 18004];
/** "Cannot assign to 'x' because it is an import", which in a later cell is a constant, function or class. */
const assignedImport = 2632;

export class TypeChecks {
  /** Files without complaints: they need no second look until a file changes. */
  private readonly fine = new Set<string>();
  private readonly checked: CheckedFiles;

  /** @param explainUnknown what the user should know of a name that is not declared */
  constructor(
    private readonly folder: string,
    private readonly explainUnknown: (name: string) => string | undefined,
  ) {
    this.checked = new CheckedFiles(folder);
  }

  forget(): void {
    this.fine.clear();
  }

  /** @throws TypeScriptError */
  check(program: ts.Program, path: string, text: CellText, label: string): void {
    const cell = program.getSourceFile(path);
    if (!cell) throw new Error('TypeScript should know the cell');
    const complaints = [
      ...complaintsOf(program, cell),
      ...this.checkImported(importedBy(cell, program), program),
    ];
    const unique = ts.sortAndDeduplicateDiagnostics(complaints);
    if (unique.length === 0) return;
    const lines = ['', ...text.whole.slice(text.start, text.end).split(/\r?\n/)];
    const positions = unique.map(complaint => this.describe(complaint, cell, lines, label));
    throw new TypeScriptError(
      positions.map(({ line }) => line).join('\n'),
      positions.map(({ line, excerpt }) => `${line}\n${excerpt}`).join('\n'),
    );
  }

  private checkImported(files: readonly ts.SourceFile[], program: ts.Program): ts.Diagnostic[] {
    const unchecked = files.filter(({ fileName }) => !this.fine.has(fileName));
    if (unchecked.length === 0) return [];
    const known = this.checked.areRight(unchecked, program);
    const complaints = unchecked.flatMap(file => {
      const found = known ? [] : complaintsOf(program, file);
      if (found.length === 0) this.fine.add(file.fileName);
      return found;
    });
    if (!known && complaints.length === 0) this.checked.keep(unchecked, program);
    return complaints;
  }

  /** `<cell 3>:2:7 - error TS2322: …`, and the line of source with the place marked. */
  private describe(complaint: ts.Diagnostic, cell: ts.SourceFile, cellLines: string[], label: string) {
    const { file = cell, start = 0, length = 1 } = complaint;
    const isCell = file === cell;
    const lines = isCell ? cellLines : file.text.split(/\r?\n/);
    const { line, character } = ts.getLineAndCharacterOfPosition(file, start);
    // What is missing at the end of the cell is missed in the line below it.
    const beyond = line >= lines.length;
    const row = beyond ? lines.length - 1 : line;
    const column = beyond ? lines[row].length : character;
    const marks = '~'.repeat(Math.max(1, Math.min(length, lines[row].length - column)));
    const place = `${isCell ? label : this.shortPath(file.fileName)}:${isCell ? row : row + 1}:${column + 1}`;
    const message = this.messageOf(complaint, isCell ? file.text.slice(start, start + length) : '');
    return {
      line: `${place} - error TS${complaint.code}: ${message}`,
      excerpt: `    ${lines[row]}\n    ${' '.repeat(column)}${marks}\n`,
    };
  }

  /** @param name what it is about; empty in a file, of which the notebook knows no more than TypeScript */
  private messageOf({ code, messageText }: ts.Diagnostic, name: string): string {
    const message = ts.flattenDiagnosticMessageText(messageText, '\n');
    const reason = unknownName.includes(code) ? this.explainUnknown(name) : undefined;
    if (reason) return `Cannot find name '${name}': ${reason}`;
    if (name && code === assignedImport) return `Cannot assign to '${name}': it was not declared with 'let'.`;
    return message;
  }

  private shortPath(fileName: string): string {
    const path = relative(projectRoot(this.folder), fileName);
    return path.startsWith(`..${sep}`) ? fileName : path;
  }
}

/** Complaints about the types only where the syntax is right, as editors do. */
function complaintsOf(program: ts.Program, file: ts.SourceFile): readonly ts.Diagnostic[] {
  const syntax = program.getSyntacticDiagnostics(file);
  return syntax.length > 0 ? syntax : program.getSemanticDiagnostics(file);
}

/** The project's own files that a cell imports, directly or not; what earlier cells imported was checked with them. */
function importedBy(cell: ts.SourceFile, program: ts.Program): ts.SourceFile[] {
  const checker = program.getTypeChecker();
  const found = new Set<ts.SourceFile>();
  const visit = (file: ts.SourceFile, statements: readonly ts.Statement[]) => {
    for (const specifier of statements.map(moduleSpecifier)) {
      const target = specifier && checker.getSymbolAtLocation(specifier)?.declarations?.[0];
      if (!target || !ts.isSourceFile(target) || found.has(target) || target === cell) continue;
      if (target.fileName.includes('/node_modules/')) continue;
      found.add(target);
      visit(target, target.statements);
    }
  };
  visit(
    cell,
    cell.statements.filter(statement => !isAboveCell(statement, cell)),
  );
  return [...found];
}

function moduleSpecifier(statement: ts.Statement): ts.Expression | undefined {
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))
    return statement.moduleSpecifier;
  return undefined;
}
