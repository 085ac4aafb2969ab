/** Whether a front end's console should run what was typed, or let the user go on in a new line. */
import ts from 'typescript';
import { hasModifier } from './declared';

export type Completeness =
  | { status: 'complete' | 'invalid' }
  /** `indent`: what the next line begins with. */
  | { status: 'incomplete'; indent: string };

/** What may be missing behind the closing brackets, where TypeScript takes what is there for something else. */
const continuations = ['', ' => 0', ' {}'];

/** TypeScript's code for a string that its line does not close. */
const unterminatedString = 1002;

export function completenessOf(code: string): Completeness {
  const errors = syntaxErrors(code);
  if (errors.length === 0 && !lacksBody(code)) return { status: 'complete' };
  // What is missing is missed at the end; any other error stands where it is, whatever follows.
  const end = code.trimEnd().length;
  const isOpen = errors.every(error => error.start >= end && !isClosedByLine(error, code));
  return isOpen || canContinue(code)
    ? { status: 'incomplete', indent: indentAfter(code) }
    : { status: 'invalid' };
}

/** `start` counts from the beginning of the cell. */
function syntaxErrors(code: string): { code: number; start: number }[] {
  const before = 'export {};'; // only modules have `await` at their top level
  const { diagnostics = [] } = ts.transpileModule(before + code, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, experimentalDecorators: true },
  });
  return diagnostics.map(({ code, start = 0 }) => ({ code, start: start - before.length }));
}

/** A string goes on in the next line only behind a backslash. */
function isClosedByLine(error: { code: number }, code: string): boolean {
  return error.code === unterminatedString && !code.trimEnd().endsWith('\\');
}

/** `function f()`, which to the parser is one of several signatures. */
function lacksBody(code: string): boolean {
  const last = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.ESNext).statements.at(-1);
  return (
    last !== undefined &&
    ts.isFunctionDeclaration(last) &&
    !last.body &&
    !hasModifier(last, ts.SyntaxKind.DeclareKeyword)
  );
}

/** `({ a, b }: { a: number` could be an arrow function's parameters, if the rest were there. */
function canContinue(code: string): boolean {
  const closing = openBrackets(code)
    .map(bracket => ({ '(': ')', '[': ']', '{': '}' })[bracket])
    .reverse()
    .join('');
  return continuations.some(rest => syntaxErrors(`${code}\n${closing}${rest}`).length === 0);
}

type Bracket = '(' | '[' | '{';

function openBrackets(code: string): Bracket[] {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, true, ts.LanguageVariant.Standard, code);
  const open: Bracket[] = [];
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    const text = scanner.getTokenText();
    if (text === '(' || text === '[' || text === '{') open.push(text);
    else if (text === ')' || text === ']' || text === '}') open.pop();
  }
  return open;
}

/** As deep as the last line, and deeper behind an opening bracket or an arrow. */
function indentAfter(code: string): string {
  const line = code.trimEnd().split('\n').pop() ?? '';
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  return /([([{]|=>)$/.test(line) ? `${indent}  ` : indent;
}
