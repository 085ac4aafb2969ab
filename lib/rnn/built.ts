import { UserError } from '../errors';

/** The weights of a cell, or an error that says how it gets them. */
export function built<T>(weights: T | undefined, cellName: string): T {
  if (weights === undefined) {
    throw new UserError(
      `Expected a built ${cellName}, found one without weights: call build(inputSize, createRandom(seed)) on the ` +
        'outermost cell first',
    );
  }
  return weights;
}

/** Refuse widths that no layer can have. */
export function checkUnits(units: number, cellName: string): number {
  if (!Number.isInteger(units) || units < 1) {
    throw new UserError(
      `Expected ${cellName}'s number of units to be an integer of at least 1, found ${units}`,
    );
  }
  return units;
}
