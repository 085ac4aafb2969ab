/** What the code of a cell becomes, below its top level: see rewrite.ts. */
import ts from 'typescript';
import { namesOf } from './declared';
import type { Emitter } from './emitter';
import { assignments, targetOf } from './patterns';

/** Rewrites everything below a statement of the cell. */
export function createVisitor(
  context: ts.TransformationContext,
  emitter: Emitter,
  sharedName: (node: ts.Identifier) => string | undefined,
): (node: ts.Node) => ts.VisitResult<ts.Node> {
  const { factory } = context;
  const visitExpression = (node: ts.Expression) => ts.visitNode(node, visit) as ts.Expression;
  return visit;

  function visit(node: ts.Node): ts.VisitResult<ts.Node> {
    if (isTypeOnly(node)) return node;
    if (ts.isIdentifier(node)) return visitIdentifier(node);
    if (ts.isAwaitExpression(node)) {
      return factory.updateAwaitExpression(node, emitter.call('wait', visitExpression(node.expression)));
    }
    if (ts.isIterationStatement(node, false)) return visitLoop(node);
    if (ts.isFunctionLike(node) && 'body' in node && node.body) return visitFunction(node);
    if (ts.isShorthandPropertyAssignment(node)) return visitShorthand(node);
    if (ts.isVariableStatement(node) && isCellVar(node.declarationList)) {
      return emitter.statement(assignments(node.declarationList, emitter, visitExpression));
    }
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      return factory.createPropertyAccessExpression(emitter.cell, 'meta');
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      return emitter.call('importDynamically', ...node.arguments.slice(0, 1).map(visitExpression));
    }
    return ts.visitEachChild(node, visit, context);
  }

  function visitIdentifier(node: ts.Identifier): ts.Expression {
    const name = sharedName(node);
    if (name === undefined) return node;
    const value = ts.setTextRange(emitter.variable(name), node);
    if (!isCalled(node)) return value;
    // A call must not hand the variable's box over as `this`. In traces it stands where the name begins.
    const start = node.getStart();
    const bare = factory.createComma(factory.createNumericLiteral(0), value);
    return ts.setSourceMapRange(factory.createParenthesizedExpression(bare), { pos: start, end: start });
  }

  /** `{ rate }`, and `({ rate = 1 } = settings)` with a default value. */
  function visitShorthand(node: ts.ShorthandPropertyAssignment): ts.Node {
    const name = sharedName(node.name);
    const initializer = node.objectAssignmentInitializer && visitExpression(node.objectAssignmentInitializer);
    if (name === undefined) {
      return factory.updateShorthandPropertyAssignment(node, node.name, initializer);
    }
    const value = emitter.variable(name);
    return factory.createPropertyAssignment(
      node.name.text,
      initializer ? factory.createAssignment(value, emitter.named(name, initializer)) : value,
    );
  }

  /** Each turn of a loop looks whether the cell was stopped. */
  function visitLoop(node: ts.IterationStatement): ts.Statement {
    const loop = ts.visitEachChild(node, visit, context);
    const { statement } = loop;
    const rest = ts.isBlock(statement) ? statement.statements : [statement];
    const body = (...first: ts.Statement[]) =>
      factory.createBlock([...first, emitter.check(), ...rest], true);
    if (ts.isForStatement(loop)) {
      const { initializer } = node as ts.ForStatement;
      const first =
        initializer && isCellVar(initializer)
          ? assignments(initializer, emitter, visitExpression)
          : loop.initializer;
      return factory.updateForStatement(loop, first, loop.condition, loop.incrementor, body());
    }
    if (ts.isForInStatement(loop) || ts.isForOfStatement(loop)) {
      const { initializer } = node as ts.ForOfStatement;
      const [declaration] = isCellVar(initializer) ? initializer.declarations : [];
      const target = declaration ? targetOf(declaration.name, emitter, visitExpression) : loop.initializer;
      const first = declaration ? [emitter.statement(emitter.reached(namesOf(declaration)))] : [];
      if (ts.isForInStatement(loop)) {
        return factory.updateForInStatement(loop, target, loop.expression, body(...first));
      }
      const { awaitModifier } = loop;
      const list = awaitModifier ? emitter.call('iterate', loop.expression) : loop.expression;
      return factory.updateForOfStatement(loop, awaitModifier, target, list, body(...first));
    }
    return ts.isDoStatement(loop)
      ? factory.updateDoStatement(loop, body(), loop.expression)
      : factory.updateWhileStatement(
          loop as ts.WhileStatement,
          (loop as ts.WhileStatement).expression,
          body(),
        );
  }

  /** So does each call of a function: timers and listeners of a stopped cell do nothing any more. */
  function visitFunction(node: ts.FunctionLikeDeclaration): ts.Node {
    return ts.visitEachChild(node, child => (child === node.body ? withCheck(child) : visit(child)), context);
  }

  function withCheck(body: ts.Node): ts.Node {
    const visited = ts.visitNode(body, visit) as ts.ConciseBody;
    if (!ts.isBlock(visited)) {
      return factory.createParenthesizedExpression(factory.createComma(emitter.checked(), visited));
    }
    return factory.updateBlock(visited, [emitter.check(), ...visited.statements]);
  }

  /** A `var` in a block or loop of the cell, which belongs to the cell; one in a function does not. */
  function isCellVar(list: ts.ForInitializer): list is ts.VariableDeclarationList {
    if (!ts.isVariableDeclarationList(list) || list.flags & ts.NodeFlags.BlockScoped) return false;
    let node: ts.Node = list;
    while (!ts.isSourceFile(node)) {
      if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return false;
      node = node.parent;
    }
    return true;
  }
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isExpressionWithTypeArguments(node)) return false; // `extends Shape`
  if (ts.isHeritageClause(node)) return node.token === ts.SyntaxKind.ImplementsKeyword;
  return ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}

/** `f(…)`, also as `(f as any)!(…)`, and f`…` */
function isCalled(node: ts.Expression): boolean {
  const { parent } = node;
  if (
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    ts.isTypeAssertionExpression(parent)
  ) {
    return isCalled(parent);
  }
  return (
    (ts.isCallExpression(parent) && parent.expression === node) ||
    (ts.isTaggedTemplateExpression(parent) && parent.tag === node)
  );
}
