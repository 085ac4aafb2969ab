/**
 * `{ rate }` where an earlier cell declared `rate`. tslab 1.0.22 keeps what cells declare in `exports` and writes
 * `exports.rate` for `rate`, but misses this short form of `{ rate: rate }`: "ReferenceError: rate is not defined".
 * Here the cell is given the long form before tslab sees it.
 */
import type {
  Node,
  Program,
  ShorthandPropertyAssignment,
  SourceFile,
  TransformerFactory,
} from '@tslab/typescript-for-tslab';
import { ts } from './typescript';

/** Where tslab writes down what the cells so far have declared. */
const earlierCells = '/__prev__.d.ts';

export function spellOutShorthand(program: Program): TransformerFactory<SourceFile> {
  const checker = program.getTypeChecker();
  const isOfEarlierCell = (node: ShorthandPropertyAssignment) =>
    checker
      .getShorthandAssignmentValueSymbol(node)
      ?.declarations?.some(declaration => declaration.getSourceFile().fileName.endsWith(earlierCells));
  return context => {
    const { factory } = context;
    const visit = (node: Node): Node => {
      if (!ts.isShorthandPropertyAssignment(node) || !isOfEarlierCell(node)) {
        return ts.visitEachChild(node, visit, context);
      }
      const value = factory.createPropertyAccessExpression(
        factory.createIdentifier('exports'),
        node.name.text,
      );
      // `({ rate = 1 } = settings)` has a default value.
      const defaultValue =
        node.objectAssignmentInitializer && ts.visitNode(node.objectAssignmentInitializer, visit);
      return factory.createPropertyAssignment(
        node.name.text,
        defaultValue && ts.isExpression(defaultValue) ? factory.createAssignment(value, defaultValue) : value,
      );
    };
    return file => ts.visitEachChild(file, visit, context);
  };
}
