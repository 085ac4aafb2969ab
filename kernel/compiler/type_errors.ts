/**
 * Type errors stop a cell, with position, source line and message, as an error like any other. tslab 1.0.22 prints
 * them on stderr, one line each without the source, and says nothing of files outside the notebook's folder; and
 * it checks every imported file again for every cell.
 */
import { relative, sep } from 'node:path';
import type { Diagnostic, Program, SourceFile, Statement } from '@tslab/typescript-for-tslab';
import { currentCell } from '../cell';
import { projectRoot } from './options';
import { ts } from './typescript';

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

/** Files without complaints: they need no second look until a file changes. */
const fine = new Set<string>();

export function forgetCheckedFiles(): void {
  fine.clear();
}

/**
 * tslab asks this when it has compiled a cell; the answer is that there is nothing to complain of.
 * @throws TypeScriptError where there is
 */
function checkCell(program: Program, [cell, ...imported]: readonly SourceFile[]): readonly Diagnostic[] {
  const complaints = [...complaintsOf(program, cell), ...program.getDeclarationDiagnostics(cell)];
  for (const file of imported) {
    if (file.fileName.includes('/node_modules/') || fine.has(file.fileName)) continue;
    const found = complaintsOf(program, file);
    if (found.length === 0) fine.add(file.fileName);
    complaints.push(...found);
  }
  const exported = cell.statements.find(isExported);
  const unique = exported
    ? [cannotExport(cell, exported)]
    : ts.sortAndDeduplicateDiagnostics(complaints).filter(({ file }) => file);
  if (unique.length === 0) return [];
  const positions = unique.map(complaint => describe(complaint, cell));
  throw new TypeScriptError(
    positions.map(({ line }) => line).join('\n'),
    positions.map(({ line, excerpt }) => `${line}\n${excerpt}`).join('\n'),
  );
}

/** Complaints about the types only where the syntax is right, as editors do. */
function complaintsOf(program: Program, file: SourceFile): readonly Diagnostic[] {
  const syntax = program.getSyntacticDiagnostics(file);
  return syntax.length > 0 ? syntax : program.getSemanticDiagnostics(file);
}

/** tslab exports everything itself, below the cell's text; an export of the cell's own collides with that. */
function isExported(statement: Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : [];
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function cannotExport(file: SourceFile, statement: Statement): Diagnostic {
  return {
    file,
    start: statement.getStart(file),
    length: 'export'.length,
    category: ts.DiagnosticCategory.Error,
    code: 2484, // "Export declaration conflicts with exported declaration"
    messageText: "Expected a cell without 'export': later cells know what it declares; leave the word out",
  };
}

/** `<cell 3>:2:7 - error TS2322: …`, and the line of source with the place marked. */
function describe(complaint: Diagnostic, cell: SourceFile): { line: string; excerpt: string } {
  const message = ts.flattenDiagnosticMessageText(complaint.messageText, '\n');
  const { file = cell, start = 0, length = 1 } = complaint;
  const { lines, name } = file === cell ? cellText() : fileText(file);
  const { line, character } = ts.getLineAndCharacterOfPosition(file, start);
  // What is missing at the end of the cell is missed in the line that tslab puts there.
  const beyond = line >= lines.length;
  const row = beyond ? lines.length - 1 : line;
  const column = beyond ? lines[row].length : character;
  const marks = '~'.repeat(Math.max(1, Math.min(length, lines[row].length - column)));
  return {
    line: `${name}:${file === cell ? row : row + 1}:${column + 1} - error TS${complaint.code}: ${message}`,
    excerpt: `    ${lines[row]}\n    ${' '.repeat(column)}${marks}\n`,
  };
}

function fileText({ fileName, text }: SourceFile): { name: string; lines: string[] } {
  return { name: shortPath(fileName), lines: text.split(/\r?\n/) };
}

/** The cell as it was sent, below the line that tslab puts there to make it a module. */
function cellText(): { name: string; lines: string[] } {
  const cell = currentCell();
  return { name: cell?.label ?? '<cell>', lines: ['', ...String(cell?.request.content.code).split(/\r?\n/)] };
}

function shortPath(fileName: string): string {
  const path = relative(projectRoot(ts.sys.getCurrentDirectory()), fileName);
  return path.startsWith(`..${sep}`) ? fileName : path;
}

export function repairTypeErrors(): void {
  ts.getPreEmitDiagnosticsOfFiles = checkCell;
}
