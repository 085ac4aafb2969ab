/** One cell in two places: its weights would have two names, and a gradient of both places. */
import { UserError } from '../base/errors';
import type { tf } from '../tfjs/tensorflow';
import type { RNNCell, State } from './cell';

/**
 * Refuse cells that have a weight in common, whatever is wrapped around them.
 * @param what names in the error the places that the cells stand in
 * @param cells that were built
 */
export function checkDistinct(what: string, cells: readonly Pick<RNNCell<State>, 'variables'>[]): void {
  const owners = new Map<tf.Variable, number>();
  cells.forEach(({ variables }, i) => {
    for (const [name, variable] of Object.entries(variables)) {
      const other = owners.get(variable);
      if (other !== undefined && other !== i) {
        throw new UserError(
          `Expected a cell of its own for each of ${what}, found one cell in ${other} and ${i}, with one weight ` +
            `${name} for both: make a new cell for each, whatever wraps it`,
        );
      }
      owners.set(variable, i);
    }
  });
}
