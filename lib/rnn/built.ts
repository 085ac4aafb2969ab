import { UserError } from '../base/errors';
import { checkInteger } from './checks';

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
export const checkUnits = (units: number, cellName: string): number =>
  checkInteger(`${cellName}'s number of units`, units, 1);

/** What is given, and the default for what is not: undefined and null count as not given. */
export function withDefaults<T extends object>(defaults: T, given: Partial<T>): T {
  const set = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  return { ...defaults, ...Object.fromEntries(set) };
}
