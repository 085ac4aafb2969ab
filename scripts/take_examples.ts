import type { DataSet } from '../lib/data';
import { UserError } from '../lib/base/errors';

/**
 * The first examples of a data set, as many as an option asks for.
 * @param count without it all
 * @throws UserError if there are not so many
 */
export function takeExamples(data: DataSet, count: number | undefined, option: string): DataSet {
  if (count === undefined) return data;
  if (count <= data.numExamples) return data.take(count);
  throw new UserError(
    `Expected ${option} of at most the ${data.numExamples} examples there are, found ${count}`,
  );
}
