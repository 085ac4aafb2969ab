/** What is declared becomes what is assigned: `const { a, b: [c = 1] } = …` → `({ a: a_1.value, b: [c_1.value = 1] } = …)`. */
import ts from 'typescript';
import { namesOf } from './declared';
import type { Emitter } from './emitter';

type Visit = (node: ts.Expression) => ts.Expression;

/** The expression that does what a list of variables declares, with a note for each that it was reached. */
export function assignments(list: ts.VariableDeclarationList, emitter: Emitter, visit: Visit): ts.Expression {
  const { factory } = emitter;
  const isVar = !(list.flags & ts.NodeFlags.BlockScoped);
  const steps = list.declarations.flatMap(declaration => {
    const { name, initializer } = declaration;
    const reached = emitter.reached(namesOf(declaration));
    if (!initializer) {
      // `let x;` sets it to undefined, a repeated `var x;` leaves it as it is.
      const { text } = name as ts.Identifier;
      const set = factory.createAssignment(emitter.variable(text), factory.createVoidZero());
      return isVar ? [emitter.call('declareVar', emitter.box(text)), reached] : [set, reached];
    }
    const value = visit(initializer);
    const target = targetOf(name, emitter, visit);
    const assignment = factory.createAssignment(
      target,
      ts.isIdentifier(name) ? emitter.named(name.text, value) : value,
    );
    ts.setSourceMapRange(assignment, declaration);
    return [assignment, reached];
  });
  return steps.reduce((before, step) => factory.createComma(before, step));
}

export function targetOf(name: ts.BindingName, emitter: Emitter, visit: Visit): ts.Expression {
  const { factory } = emitter;
  if (ts.isIdentifier(name)) return emitter.variable(name.text);
  if (ts.isArrayBindingPattern(name)) {
    const elements = name.elements.map(element => {
      if (ts.isOmittedExpression(element)) return element;
      const target = withDefault(element, emitter, visit);
      return element.dotDotDotToken ? factory.createSpreadElement(target) : target;
    });
    return factory.createArrayLiteralExpression(elements);
  }
  const properties = name.elements.map(element => {
    const target = withDefault(element, emitter, visit);
    if (element.dotDotDotToken) return factory.createSpreadAssignment(target);
    const property = element.propertyName ?? (element.name as ts.Identifier);
    const key = ts.isComputedPropertyName(property)
      ? factory.createComputedPropertyName(visit(property.expression))
      : ts.isIdentifier(property)
        ? factory.createIdentifier(property.text)
        : property;
    return factory.createPropertyAssignment(key, target);
  });
  return factory.createObjectLiteralExpression(properties);
}

function withDefault(element: ts.BindingElement, emitter: Emitter, visit: Visit): ts.Expression {
  const target = targetOf(element.name, emitter, visit);
  const { initializer, name } = element;
  if (!initializer) return target;
  const value = visit(initializer);
  return emitter.factory.createAssignment(
    target,
    ts.isIdentifier(name) ? emitter.named(name.text, value) : value,
  );
}
