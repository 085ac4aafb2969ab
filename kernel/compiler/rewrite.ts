/**
 * A cell becomes an async function whose top-level names are variables of the notebook (variables.ts): what this cell
 * declares, and what earlier cells declared, is read and written in one place by everybody. TypeScript's symbols tell
 * which identifier means such a variable and which one a parameter or local of the same name.
 */
import ts from 'typescript';
import { hasModifier, hoistedLists, isUsing, namesOf } from './declared';
import { Emitter } from './emitter';
import { linkExports, linkImports } from './modules';
import { assignments } from './patterns';
import { findShared, isAboveCell } from './shared';
import { createVisitor } from './visitor';

/** Names of the function's parameters after `scope` and `cell`: what Node gives to a module. */
export const moduleParameters = ['require', 'module', 'exports', '__filename', '__dirname'];

export function rewriteCell(program: ts.Program): ts.TransformerFactory<ts.SourceFile> {
  const checker = program.getTypeChecker();
  return context => file => {
    const { factory } = context;
    const emitter = new Emitter(factory);
    const visit = createVisitor(context, emitter, findShared(file, checker));
    const statements = file.statements.filter(statement => !isAboveCell(statement, file));
    const first: ts.Statement[] = []; // what the language does before the first line
    const rest: ts.Statement[] = [];
    const given = (node: ts.Statement) => hasModifier(node, ts.SyntaxKind.DeclareKeyword);
    for (const name of statements
      .filter(node => !given(node))
      .flatMap(hoistedLists)
      .flatMap(namesOf)) {
      first.push(emitter.statement(emitter.call('declareVar', emitter.box(name))));
    }
    for (const statement of statements) {
      if (ts.isFunctionDeclaration(statement) && statement.body && statement.name) {
        first.push(...emitter.publish(statement.name.text));
      }
    }
    for (const statement of statements) {
      first.push(...linkImports(statement, emitter, checker), ...linkExports(statement, emitter, checker));
    }
    const last = lastExpression(statements);
    for (const statement of statements) rest.push(...convert(statement, statement === last));
    const body = [...first, ...rest];
    return wrap([...emitter.boxes(), ...body]);

    function convert(statement: ts.Statement, isLast: boolean): ts.Statement[] {
      if (given(statement)) return [];
      if (ts.isExportAssignment(statement)) return [emitter.statement(visitExpression(statement.expression))];
      if (ts.isImportDeclaration(statement) || ts.isImportEqualsDeclaration(statement)) return [];
      if (ts.isExportDeclaration(statement)) return [];
      if (ts.isVariableStatement(statement) && !isUsing(statement.declarationList)) {
        return [
          ts.setTextRange(
            emitter.statement(assignments(statement.declarationList, emitter, visitExpression)),
            statement,
          ),
        ];
      }
      const visited = ts.visitNode(statement, visit) as ts.Statement;
      if (isLast) {
        const { expression } = visited as ts.ExpressionStatement;
        const value = factory.createPropertyAssignment('value', expression);
        return [factory.createReturnStatement(factory.createObjectLiteralExpression([value]))];
      }
      if (!isNamedBlock(visited)) return [visited];
      const { name } = visited;
      if (!name || !ts.isIdentifier(name)) return []; // `export default function () {}`: nobody can name it
      const bare = withoutExport(visited, factory);
      const published = !ts.isFunctionDeclaration(visited) && hasValue(statement, checker);
      return published ? [bare, ...emitter.publish(name.text)] : [bare];
    }

    function visitExpression(node: ts.Expression): ts.Expression {
      return ts.visitNode(node, visit) as ts.Expression;
    }

    function wrap(body: ts.Statement[]): ts.SourceFile {
      const parameters = [emitter.scope, emitter.cell, ...moduleParameters].map(name =>
        factory.createParameterDeclaration(undefined, undefined, name),
      );
      const main = factory.createFunctionExpression(
        [factory.createModifier(ts.SyntaxKind.AsyncKeyword)],
        undefined,
        undefined,
        undefined,
        parameters,
        undefined,
        factory.createBlock([emitter.statement(emitter.text('use strict')), ...body], true),
      );
      return factory.updateSourceFile(file, [factory.createReturnStatement(main)]);
    }
  };
}

/** The expression whose value is shown: the cell's last statement. */
function lastExpression(statements: readonly ts.Statement[]): ts.Statement | undefined {
  const last = statements.filter(statement => !ts.isExportDeclaration(statement)).pop();
  return last && ts.isExpressionStatement(last) ? last : undefined;
}

type NamedBlock = ts.FunctionDeclaration | ts.ClassDeclaration | ts.EnumDeclaration | ts.ModuleDeclaration;

function isNamedBlock(node: ts.Statement): node is NamedBlock {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node)
  );
}

/** A namespace that holds types only leaves nothing in JavaScript. */
function hasValue(statement: ts.Statement, checker: ts.TypeChecker): boolean {
  const { name } = statement as ts.ModuleDeclaration;
  return ((checker.getSymbolAtLocation(name)?.flags ?? 0) & ts.SymbolFlags.Value) !== 0;
}

/** `export` and `export default` mean nothing in a cell: later cells know what it declares anyway. */
function withoutExport(node: NamedBlock, factory: ts.NodeFactory): ts.Statement {
  const keep = (modifier: ts.ModifierLike) =>
    modifier.kind !== ts.SyntaxKind.ExportKeyword && modifier.kind !== ts.SyntaxKind.DefaultKeyword;
  const modifiers = node.modifiers?.filter(keep);
  if (ts.isFunctionDeclaration(node)) {
    const { asteriskToken, name, typeParameters, parameters, type, body } = node;
    return factory.updateFunctionDeclaration(
      node,
      modifiers,
      asteriskToken,
      name,
      typeParameters,
      parameters,
      type,
      body,
    );
  }
  if (ts.isClassDeclaration(node)) {
    const { name, typeParameters, heritageClauses, members } = node;
    return factory.updateClassDeclaration(node, modifiers, name, typeParameters, heritageClauses, members);
  }
  return ts.isEnumDeclaration(node)
    ? factory.updateEnumDeclaration(node, modifiers, node.name, node.members)
    : factory.updateModuleDeclaration(node, modifiers, node.name, node.body);
}
