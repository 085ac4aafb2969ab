/** What a name that has been begun can become. */
import ts from 'typescript';
import type { Library } from './library';

export interface Completion {
  /** What is to be replaced, in UTF-16 units. */
  start: number;
  end: number;
  candidates: Candidate[];
}

export interface Candidate {
  text: string;
  /** What it is, in TypeScript's words: `function`, `const`, `property`, … */
  type: string;
  /** Where it comes from, if it has yet to be imported: `from '../lib'`. */
  signature: string;
}

interface Span {
  start: number;
  end: number;
}

/** @param entries of the whole text, in which the cell begins at `offset` */
export function completionOf(
  found: ts.CompletionInfo | undefined,
  code: string,
  position: number,
  {
    offset,
    checker,
    projectLibrary,
  }: {
    offset: number;
    checker?: ts.TypeChecker;
    projectLibrary: Library;
  },
): Completion {
  const entries = found?.entries ?? [];
  const span = spanOf(entries, code, position, offset);
  const word = code.slice(span.start, span.end);
  const candidates = entries.map(entry => ({
    text: entry.name,
    type: typeOf(entry, checker),
    signature: '',
  }));
  if (isFreeName(found) && word !== '') candidates.push(...missingImports(candidates, projectLibrary));
  const isPath = entries.some(({ kind }) => pathKinds.has(kind));
  return { ...span, candidates: isPath ? pathMatches(candidates, word) : bestMatches(candidates, word) };
}

/** Where any name that is in scope can stand. */
function isFreeName(found: ts.CompletionInfo | undefined): boolean {
  return found?.isMemberCompletion === false && found.entries.some(({ name }) => name === 'globalThis');
}

function missingImports(known: readonly Candidate[], { exports, specifier }: Library): Candidate[] {
  const there = new Set(known.map(({ text }) => text));
  return [...exports]
    .filter(([name]) => !there.has(name))
    .map(([name, kind]) => ({ text: name, type: kind, signature: `from '${specifier}'` }));
}

/** What an imported name stands for, rather than that it is imported: names of earlier cells are, too. */
function typeOf({ kind, symbol }: ts.CompletionEntry, checker?: ts.TypeChecker): string {
  const known = pathKinds.get(kind);
  if (known !== undefined || kind !== ts.ScriptElementKind.alias || !symbol || !checker) return known ?? kind;
  const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return aliasedKinds.find(([flag]) => flags & flag)?.[1] ?? kind;
}

const aliasedKinds: [ts.SymbolFlags, string][] = [
  [ts.SymbolFlags.Function, ts.ScriptElementKind.functionElement],
  [ts.SymbolFlags.Class, ts.ScriptElementKind.classElement],
  [ts.SymbolFlags.Enum, ts.ScriptElementKind.enumElement],
  [ts.SymbolFlags.Module, ts.ScriptElementKind.moduleElement],
  [ts.SymbolFlags.Variable, ts.ScriptElementKind.variableElement],
  [ts.SymbolFlags.Interface, ts.ScriptElementKind.interfaceElement],
  [ts.SymbolFlags.TypeAlias, ts.ScriptElementKind.typeElement],
];

/** Parts of an import's path, as front ends call them. */
const pathKinds = new Map<string, string>([
  [ts.ScriptElementKind.scriptElement, 'module'],
  [ts.ScriptElementKind.externalModuleName, 'module'],
  [ts.ScriptElementKind.directory, 'folder'],
]);

/** A part of a path from slash to slash, a text as TypeScript says, or a name: what the cursor is in or behind. */
function spanOf(
  entries: readonly ts.CompletionEntry[],
  code: string,
  position: number,
  offset: number,
): Span {
  if (entries.some(({ kind }) => pathKinds.has(kind)))
    return around(code, position, /[^/'"`]*$/, /^[^/'"`\n]*/);
  const text = entries.find(({ kind }) => kind === ts.ScriptElementKind.string)?.replacementSpan;
  if (text) return { start: text.start - offset, end: text.start - offset + text.length };
  return around(code, position, /[\p{ID_Continue}$]*$/u, /^[\p{ID_Continue}$]*/u);
}

function around(code: string, position: number, before: RegExp, after: RegExp): Span {
  const start = position - (before.exec(code.slice(0, position))?.[0].length ?? 0);
  return { start, end: position + (after.exec(code.slice(position))?.[0].length ?? 0) };
}

/** Files, folders and packages that begin with the word; hidden ones only where it begins with a dot. */
function pathMatches(candidates: readonly Candidate[], word: string): Candidate[] {
  return candidates.filter(({ text }) => text.startsWith(word) && (word !== '' || !text.startsWith('.')));
}

/** Names that begin with the word, then those that do so in other case, then those that contain it. */
function bestMatches(candidates: readonly Candidate[], word: string): Candidate[] {
  const lower = word.toLowerCase();
  const rank = ({ text }: Candidate) =>
    text.startsWith(word)
      ? 0
      : text.toLowerCase().startsWith(lower)
        ? 1
        : text.toLowerCase().includes(lower)
          ? 2
          : 3;
  return [0, 1, 2].flatMap(wanted => candidates.filter(candidate => rank(candidate) === wanted));
}
