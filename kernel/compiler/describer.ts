/**
 * Help that a module gives at run time. What a schema library makes a type of has its description, range and default in
 * values, where TypeScript does not see them. A declaration with the tag `@describedBy f` says that its module exports a
 * function f which knows more of the properties declared in it:
 *
 *     f(path: string[], siblings: Record<string, string>): string | undefined
 *
 * `path` leads from what is tagged to the property; `siblings` are the texts written beside it, as `kind: 'lstm'`.
 */
import ts from 'typescript';
import type { Docstrings } from './docstrings';

export interface Describer {
  /** The file of the tagged declaration. */
  module: string;
  /** What to call of the module's exports. */
  exported: string;
  path: string[];
  siblings: Record<string, string>;
}

/** A property, in an object that is written down or read from one. */
interface Property {
  name: string;
  declarations: readonly ts.Declaration[];
  siblings: Record<string, string>;
  /** What the property belongs to. */
  owner: ts.Node;
}

/** @param node the name of a property */
export function findDescriber(
  node: ts.Node,
  checker: ts.TypeChecker,
  docstrings: Docstrings,
): Describer | undefined {
  const path: string[] = [];
  let found: Describer | undefined;
  const { siblings = {} } = propertyOf(node, checker) ?? {};
  // From the inside out: a tag on what is further outside covers more.
  for (let property = propertyOf(node, checker); property; property = ownerOf(property, checker)) {
    path.unshift(property.name);
    for (const declaration of property.declarations) {
      docstrings.addTo(declaration.getSourceFile());
      const exported = tagOf(declaration);
      const module = declaration.getSourceFile().fileName;
      if (exported) found = { module, exported, path: [...path], siblings };
    }
  }
  return found;
}

function propertyOf(node: ts.Node, checker: ts.TypeChecker): Property | undefined {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    const declarations = checker.getSymbolAtLocation(node)?.declarations ?? [];
    return { name: parent.name.text, declarations, siblings: {}, owner: parent.expression };
  }
  const isWritten = ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent);
  if (!isWritten || parent.name !== node || !('text' in node)) return undefined;
  const name = String(node.text);
  const type = checker.getContextualType(parent.parent);
  const members = type?.isUnion() ? type.types : [type];
  const declarations = members.flatMap(member => member?.getProperty(name)?.declarations ?? []);
  return { name, declarations, siblings: textsIn(parent.parent), owner: parent.parent };
}

/** The property whose value it stands in. */
function ownerOf({ owner }: Property, checker: ts.TypeChecker): Property | undefined {
  if (ts.isPropertyAccessExpression(owner)) return propertyOf(owner.name, checker);
  const { parent } = owner;
  return ts.isPropertyAssignment(parent) && parent.initializer === owner
    ? propertyOf(parent.name, checker)
    : undefined;
}

function textsIn(object: ts.ObjectLiteralExpression): Record<string, string> {
  const texts = object.properties.flatMap(property =>
    ts.isPropertyAssignment(property) &&
    ts.isIdentifier(property.name) &&
    ts.isStringLiteralLike(property.initializer)
      ? [[property.name.text, property.initializer.text]]
      : [],
  );
  return Object.fromEntries(texts) as Record<string, string>;
}

/** The text of the tag on a declaration, or on one around it. */
function tagOf(declaration: ts.Declaration): string | undefined {
  for (let node: ts.Node | undefined = declaration; node && !ts.isSourceFile(node); node = node.parent) {
    const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === 'describedBy');
    if (tag) return ts.getTextOfJSDocComment(tag.comment)?.trim();
  }
  return undefined;
}
