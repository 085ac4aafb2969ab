/** How many units a cell needs to have about as many parameters as another. */
import { UserError } from '../../lib/base/errors';
import { disposeModel } from '../../lib/training/evaluate';
import type { DataSet } from '../../lib/data';
import { parseHyperparameters } from '../../lib/model/hyperparameters';
import { countParameters, createModel } from '../../lib/model/model';

/** Of the whole model: its cells and what makes classes of their outputs. */
export function parametersOf(settings: object, data: DataSet): number {
  const model = createModel(parseHyperparameters(settings), data);
  try {
    return countParameters(model);
  } finally {
    disposeModel(model);
  }
}

/**
 * The units with which the model has the number of parameters closest to `parameters`; more units are more parameters.
 * @throws UserError for settings that are not possible
 */
export function unitsFor(parameters: number, settings: object, data: DataSet): number {
  const count = (numHidden: number) => parametersOf({ ...settings, numHidden }, data);
  let [low, high] = [1, 2];
  while (count(high) < parameters) {
    if (high >= 4096)
      throw new UserError(`Expected ${parameters} parameters with at most 4096 units, found less`);
    [low, high] = [high, 2 * high];
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (count(middle) < parameters) low = middle;
    else high = middle;
  }
  return parameters - count(low) <= count(high) - parameters ? low : high;
}
