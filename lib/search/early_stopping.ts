import { median } from '../base/statistics';
/**
 * When is a trial hopeless? Pure functions of what was tested so far. How far a trial has come is counted in training
 * examples, so that trials with other batch sizes are compared fairly.
 */

export interface TrialTest {
  /** Training examples seen before it: steps × batch size. */
  readonly examples: number;
  /** 0..1 */
  readonly testError: number;
}

export interface OtherTrial {
  /** In order. */
  readonly tests: readonly TrialTest[];
  /** It has ended by itself or was stopped early; it did not break off. */
  readonly ended: boolean;
}

export type EarlyStopping = 'median' | 'halving' | 'hyperband' | 'none';

/** The median of fewer trials says little. */
const leastTrials = 3;

/** Successive halving keeps one of so many at each rung: η of the papers. */
export const reduction = 3;

/**
 * Should the trial be stopped after its last test?
 * @param own its tests so far
 * @param others the other trials of the search; with 'hyperband' those of the same bracket
 * @param graceTests so many tests are always made; with 'hyperband' the bracket's first rung
 */
export function isHopeless(
  rule: EarlyStopping,
  own: readonly TrialTest[],
  others: readonly OtherTrial[],
  graceTests: number,
): boolean {
  switch (rule) {
    case 'none':
      return false;
    case 'median':
      return medianRule(own, others, graceTests);
    case 'halving':
    case 'hyperband':
      return successiveHalving(own, others, graceTests);
  }
}

/**
 * The median rule of Google Vizier (Golovin et al. 2017): hopeless is a trial whose best test error is above the median
 * of what the ended trials had on average until the same point. It needs three of them that came so far.
 */
export function medianRule(
  own: readonly TrialTest[],
  others: readonly OtherTrial[],
  graceTests: number,
): boolean {
  if (own.length < Math.max(1, graceTests)) return false;
  const { examples } = own[own.length - 1];
  const compared = others.filter(({ ended, tests }) => ended && cameTo(tests, examples));
  if (compared.length < leastTrials) return false;
  return best(own) > median(compared.map(({ tests }) => mean(until(tests, examples))));
}

/**
 * Successive halving in its asynchronous form (ASHA, Li et al. 2020), as a rule for stopping: after `graceTests` tests,
 * three times as many, nine times as many, … only the best third goes on of all trials that came so far by then. Nobody
 * waits for the others, so the first two are never stopped.
 */
export function successiveHalving(
  own: readonly TrialTest[],
  others: readonly OtherTrial[],
  graceTests: number,
): boolean {
  if (!isRung(own.length, Math.max(1, graceTests))) return false;
  const { examples } = own[own.length - 1];
  const compared = others.filter(({ tests }) => cameTo(tests, examples));
  const places = Math.floor((compared.length + 1) / reduction);
  if (places === 0) return false;
  const error = best(own);
  return compared.filter(({ tests }) => best(until(tests, examples)) < error).length >= places;
}

/** Is it first · 3^k? */
function isRung(tests: number, first: number): boolean {
  let rung = first;
  while (rung < tests) rung *= reduction;
  return rung === tests;
}

function cameTo(tests: readonly TrialTest[], examples: number): boolean {
  return tests.some(test => test.examples >= examples) && tests[0].examples <= examples;
}

function until(tests: readonly TrialTest[], examples: number): readonly TrialTest[] {
  return tests.filter(test => test.examples <= examples);
}

function best(tests: readonly TrialTest[]): number {
  return tests.reduce((lowest, { testError }) => Math.min(lowest, testError), Infinity);
}

function mean(tests: readonly TrialTest[]): number {
  return tests.reduce((sum, { testError }) => sum + testError, 0) / tests.length;
}
