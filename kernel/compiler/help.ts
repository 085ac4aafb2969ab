/** What is known of the name at the cursor. */
import ts from 'typescript';
import { findDescriber, type Describer } from './describer';
import type { Docstrings } from './docstrings';

export interface Help {
  /** Signature, docstring and tags, in TypeScript's pieces. */
  info: ts.QuickInfo;
  /** Where there is more to ask, at run time. */
  describer?: Describer;
  /** The text of its declaration. */
  source?: string;
}

/** @param position in the file, which stands for a cell; nothing on what is no name, or one that nobody declares */
export function helpAt(
  service: ts.LanguageService,
  path: string,
  position: number,
  docstrings: Docstrings,
): Help | undefined {
  const program = service.getProgram();
  const file = program?.getSourceFile(path);
  if (!program || !file) return undefined;
  const name = nameAt(file, position);
  const checker = program.getTypeChecker();
  // First: TypeScript keeps what it has found for a name.
  const describer = name && findDescriber(name, checker, docstrings);
  if (name) docstrings.addFor(name, checker);
  const info = name && service.getQuickInfoAtPosition(path, position);
  if (!info || info.kind === ts.ScriptElementKind.unknown) return undefined;
  if (!ts.isIdentifier(name) && info.kind !== ts.ScriptElementKind.memberVariableElement) return undefined;
  return {
    info,
    describer,
    source: sourceOf(service, program, path, position),
  };
}

type Name = ts.Identifier | ts.PrivateIdentifier | ts.StringLiteralLike;

/** The name that stands there, also one in quotation marks; not in comments. */
function nameAt(file: ts.SourceFile, position: number): Name | undefined {
  const find = (node: ts.Node): ts.Node =>
    ts.forEachChild(node, child =>
      child.getStart(file) <= position && position < child.end ? find(child) : undefined,
    ) ?? node;
  const node = find(file);
  return ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isStringLiteralLike(node)
    ? node
    : undefined;
}

function sourceOf(
  service: ts.LanguageService,
  program: ts.Program,
  path: string,
  position: number,
): string | undefined {
  const [definition] = service.getDefinitionAtPosition(path, position) ?? [];
  const { start, length } = definition?.contextSpan ?? definition?.textSpan ?? { start: 0, length: 0 };
  const text = definition && program.getSourceFile(definition.fileName)?.text;
  return text?.slice(start, start + length);
}
