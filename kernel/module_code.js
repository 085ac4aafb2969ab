/**
 * What the code of the project's modules becomes for a notebook, beside plain JavaScript:
 * - loops look whether a press of the stop button has gone unanswered, for a module can hang, too;
 * - `import()` can have everything that a cell can have (imports.ts);
 * - a module that awaits at its top level is marked, for `require` cannot run it (async_modules.ts).
 * Plain JavaScript, because load_typescript.js needs it.
 */
'use strict';
const { join, sep } = require('node:path');

const asyncMark = 'async module';

/** `moduleCode(ts)` is a transformer for TypeScript's compiler. */
const moduleCode = ts => context => file => {
  const { factory } = context;
  const kernelModules = new Map();
  let awaits = false;

  /** `require('…/kernel/name').member` */
  const member = (name, property) => {
    const variable = kernelModules.get(name) ?? factory.createUniqueName(name);
    kernelModules.set(name, variable);
    return factory.createPropertyAccessExpression(variable, property);
  };
  const call = (callee, ...values) => factory.createCallExpression(callee, undefined, values);
  const look = () => {
    const urgent = factory.createElementAccessExpression(
      member('stopping', 'stopFlags'),
      member('stopping', 'urgent'),
    );
    return factory.createExpressionStatement(
      factory.createLogicalAnd(urgent, call(member('stopping', 'checkPress'))),
    );
  };
  const visit = (node, isTop) => {
    const top = isTop && !ts.isFunctionLike(node) && !ts.isClassStaticBlockDeclaration(node);
    awaits ||= top && (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && !!node.awaitModifier));
    const visited = ts.visitEachChild(node, child => visit(child, top), context);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [path] = visited.arguments;
      const here = ['require', '__filename'].map(name => factory.createIdentifier(name));
      return call(member('imports', 'importModule'), path, ...here);
    }
    if (!ts.isIterationStatement(node, false)) return visited;
    const { statement } = visited;
    const body = factory.createBlock([
      look(),
      ...(ts.isBlock(statement) ? statement.statements : [statement]),
    ]);
    // The statement of a loop is one of its children: put the longer body in its place.
    return ts.visitEachChild(visited, child => (child === statement ? body : child), context);
  };

  const visited = ts.visitEachChild(file, child => visit(child, true), context);
  const first = [...kernelModules].map(([name, variable]) => {
    const path = factory.createStringLiteral(join(__dirname, name));
    const load = call(factory.createIdentifier('require'), path);
    const declaration = factory.createVariableDeclaration(variable, undefined, undefined, load);
    const list = factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
    return factory.createVariableStatement(undefined, list);
  });
  const mark = awaits ? [factory.createExpressionStatement(factory.createStringLiteral(asyncMark))] : [];
  return factory.updateSourceFile(visited, [...mark, ...first, ...visited.statements]);
};

/** Does JavaScript that was made by `moduleCode` await at its top level? */
const isAsync = code => code.slice(0, 100).includes(`"${asyncMark}";`);

/** Not the kernel itself, which acts upon the press, nor packages. */
const isOfProject = fileName =>
  !fileName.startsWith(__dirname + sep) && !fileName.includes(`${sep}node_modules${sep}`);

module.exports = { moduleCode, isAsync, isOfProject };
