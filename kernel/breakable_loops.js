/**
 * Loops of the project's modules look whether a press of the stop button has gone unanswered: a module that a notebook
 * imports can hang, too. Plain JavaScript, because load_typescript.js needs it.
 */
'use strict';
const { join, sep } = require('node:path');

/** `breakableLoops(ts)` is a transformer for TypeScript's compiler. */
module.exports.breakableLoops = ts => context => file => {
  const { factory } = context;
  const stopping = factory.createUniqueName('stopping');
  const member = name => factory.createPropertyAccessExpression(stopping, name);
  let found = false;
  const look = () => {
    found = true;
    const urgent = factory.createElementAccessExpression(member('stopFlags'), member('urgent'));
    const call = factory.createCallExpression(member('checkPress'), undefined, []);
    return factory.createExpressionStatement(factory.createLogicalAnd(urgent, call));
  };
  const visit = node => {
    const visited = ts.visitEachChild(node, visit, context);
    if (!ts.isIterationStatement(node, false)) return visited;
    const { statement } = visited;
    const body = factory.createBlock([
      look(),
      ...(ts.isBlock(statement) ? statement.statements : [statement]),
    ]);
    // The statement of a loop is one of its children: put the longer body in its place.
    return ts.visitEachChild(visited, child => (child === statement ? body : child), context);
  };
  const visited = ts.visitEachChild(file, visit, context);
  if (!found) return visited;
  const require = factory.createCallExpression(factory.createIdentifier('require'), undefined, [
    factory.createStringLiteral(join(__dirname, 'stopping')),
  ]);
  const declaration = factory.createVariableDeclaration(stopping, undefined, undefined, require);
  const line = factory.createVariableStatement(
    undefined,
    factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const),
  );
  return factory.updateSourceFile(visited, [line, ...visited.statements]);
};

/** Not the kernel itself, which acts upon the press, nor packages. */
module.exports.isBreakable = fileName =>
  !fileName.startsWith(__dirname + sep) && !fileName.includes(`${sep}node_modules${sep}`);
