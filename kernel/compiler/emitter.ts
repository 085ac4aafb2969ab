/** The pieces of code that a rewritten cell is made of. */
import ts from 'typescript';

/** Parameters of the function that a cell becomes, beside `require` and the like: see cell_code.ts. */
export class Emitter {
  /** The notebook's variables. */
  readonly scope: ts.Identifier;
  /** What the kernel offers to the cell. */
  readonly cell: ts.Identifier;
  private readonly variables = new Map<string, ts.Identifier>();

  constructor(readonly factory: ts.NodeFactory) {
    // Names that occur nowhere in the cell.
    this.scope = factory.createUniqueName('scope');
    this.cell = factory.createUniqueName('cell');
  }

  /** `x_1.value`, the notebook's variable x: to be read and written. */
  variable(name: string): ts.PropertyAccessExpression {
    return this.factory.createPropertyAccessExpression(this.box(name), 'value');
  }

  box(name: string): ts.Identifier {
    const known = this.variables.get(name) ?? this.factory.createUniqueName(name);
    this.variables.set(name, known);
    return known;
  }

  /** `cell_1.method(…)` */
  call(method: string, ...values: ts.Expression[]): ts.CallExpression {
    const { factory } = this;
    return factory.createCallExpression(
      factory.createPropertyAccessExpression(this.cell, method),
      undefined,
      values,
    );
  }

  /** Note that the declaration of these names has been executed. */
  reached(names: readonly string[]): ts.Expression {
    return this.call('reached', ...names.map(name => this.text(name)));
  }

  /** After `function f`, `class C` and the like: `f_1.value = f;` */
  publish(name: string): ts.Statement[] {
    const { factory } = this;
    const local = factory.createIdentifier(name);
    return [factory.createAssignment(this.variable(name), local), this.reached([name])].map(step =>
      this.statement(step),
    );
  }

  /** `cell_1.stopped[0] && cell_1.check()`, which throws where the cell must not go on. */
  checked(): ts.Expression {
    const { factory } = this;
    const stopped = factory.createPropertyAccessExpression(this.cell, 'stopped');
    return factory.createLogicalAnd(factory.createElementAccessExpression(stopped, 0), this.call('check'));
  }

  check(): ts.Statement {
    return this.statement(this.checked());
  }

  text(value: string): ts.StringLiteral {
    return this.factory.createStringLiteral(value);
  }

  statement(expression: ts.Expression): ts.Statement {
    return this.factory.createExpressionStatement(expression);
  }

  constant(name: ts.Identifier, value: ts.Expression): ts.Statement {
    const { factory } = this;
    const declaration = factory.createVariableDeclaration(name, undefined, undefined, value);
    return factory.createVariableStatement(
      undefined,
      factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const),
    );
  }

  /** `const x_1 = scope_1.get("x");` for each variable in use. */
  boxes(): ts.Statement[] {
    const { factory } = this;
    const get = factory.createPropertyAccessExpression(this.scope, 'get');
    return [...this.variables].map(([name, box]) =>
      this.constant(box, factory.createCallExpression(get, undefined, [this.text(name)])),
    );
  }

  /** A function or class without a name of its own takes that of its variable, as in `const f = () => 1`. */
  named(name: string, value: ts.Expression): ts.Expression {
    const { factory } = this;
    const anonymous =
      ts.isArrowFunction(value) ||
      ((ts.isFunctionExpression(value) || ts.isClassExpression(value)) && !value.name);
    if (!anonymous) return value;
    const object = factory.createObjectLiteralExpression([
      factory.createPropertyAssignment(factory.createComputedPropertyName(this.text(name)), value),
    ]);
    return factory.createElementAccessExpression(
      factory.createParenthesizedExpression(object),
      this.text(name),
    );
  }
}
