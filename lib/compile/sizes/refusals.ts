/** What a function must not do with a dimension that inputShapes leaves open. */
import { CompileError } from '../compile_error';

const remedy =
  'give that dimension its size in inputShapes, so that each size has a graph of its own; or write it without ' +
  'a loop or a condition on the size';

const names = (sizes: readonly number[]) => sizes.join(', ');

export const otherAtSize = (sizes: readonly number[], detail: string) =>
  new CompileError(
    `does something else where the unknown dimensions of inputShapes are ${names(sizes)} (${detail})`,
    remedy,
  );

export const noFormula = (what: string) =>
  new CompileError(`${what}, which is no sum of products of the unknown dimensions of inputShapes`, remedy);

export const loops = () =>
  new CompileError(
    'runs a scan, whose sizes are fixed, while inputShapes leaves some open',
    'give all dimensions their sizes in inputShapes, or leave it out',
  );

export function failsAtSize(sizes: readonly number[], error: Error): CompileError {
  const reason = error.message.replace(/^[^]*?Message: /, '').split('\n')[0];
  const refusal = new CompileError(
    `fails where the unknown dimensions of inputShapes are ${names(sizes)} (${reason})`,
    'give the dimensions that must have a certain size that size in inputShapes',
  );
  refusal.stack = error.stack?.replace(error.message, () => refusal.message);
  refusal.locate();
  return refusal;
}
