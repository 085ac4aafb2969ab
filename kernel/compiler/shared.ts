/** Which identifiers of a cell mean a variable of the notebook: one declared at the top of this or an earlier cell. */
import ts from 'typescript';
import { hasModifier, hoistedLists, isUsing, variablesOf } from './declared';

/** @returns the name of the notebook's variable that an identifier means, if it means one */
export function findShared(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
): (node: ts.Identifier) => string | undefined {
  const declarations = new Set(file.statements.flatMap(statement => declarationsOf(statement, file)));
  return node => {
    if (isDeclaredName(node)) return undefined;
    const { parent } = node;
    const symbol =
      ts.isShorthandPropertyAssignment(parent) && parent.name === node
        ? checker.getShorthandAssignmentValueSymbol(parent)
        : checker.getSymbolAtLocation(node);
    const declaration = symbol?.declarations?.find(candidate => declarations.has(candidate));
    // Inside of a class, its name means that class itself, also when the name gets another value later.
    if (!declaration || (isOwnBlock(declaration) && contains(declaration, node))) return undefined;
    return node.text;
  };
}

function declarationsOf(statement: ts.Statement, file: ts.SourceFile): ts.Node[] {
  if (ts.isVariableStatement(statement)) {
    // What the user declares as given (`declare`) is a global; the line above the cell declares earlier cells' names.
    const given = hasModifier(statement, ts.SyntaxKind.DeclareKeyword) && !isAboveCell(statement, file);
    return given || isUsing(statement.declarationList) ? [] : variablesOf(statement.declarationList);
  }
  if (ts.isImportDeclaration(statement)) {
    const { importClause } = statement;
    const { namedBindings } = importClause ?? {};
    const named =
      namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [namedBindings];
    return [importClause, ...named].filter((node): node is NonNullable<typeof node> => node !== undefined);
  }
  if (
    ts.isImportEqualsDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement)
  ) {
    return hasModifier(statement, ts.SyntaxKind.DeclareKeyword) ? [] : [statement];
  }
  return hoistedLists(statement).flatMap(variablesOf);
}

/** In the line that names.ts puts above the cell. */
export function isAboveCell(statement: ts.Statement, file: ts.SourceFile): boolean {
  return statement.getStart(file) < file.text.indexOf('\n');
}

/** A class, enum or namespace, which has its name for itself inside of its braces. */
function isOwnBlock(node: ts.Node): boolean {
  return ts.isClassDeclaration(node) || ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node);
}

function contains(outer: ts.Node, node: ts.Node): boolean {
  return node.pos >= outer.pos && node.end <= outer.end;
}

/** The name of a function, class, enum or namespace where it is declared, or of a property. */
function isDeclaredName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    ((ts.isFunctionDeclaration(parent) || isOwnBlock(parent)) &&
      (parent as ts.ClassDeclaration).name === node)
  );
}
