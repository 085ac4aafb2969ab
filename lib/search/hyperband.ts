/**
 * Hyperband (Li et al., "Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization", JMLR 2018): successive
 * halving with several first rungs, since nobody knows beforehand how early a bad trial can be told from a good one.
 * Bracket 0 halves earliest and has the most trials; the last bracket halves near the end of training.
 */
import { reduction } from './early_stopping';

/**
 * How many brackets a search has: s_max + 1 of the paper, where a trial's whole training is R.
 * @param tests of a trial that is trained to its end
 * @param graceTests the first rung of bracket 0
 */
export function numBrackets(tests: number, graceTests: number): number {
  let brackets = 1;
  while (graceTests * reduction ** brackets <= tests) brackets++;
  return brackets;
}

/**
 * The bracket of a trial. The brackets take as many trials as in the paper's algorithm 1, one bracket after the other;
 * then it begins again.
 * @param trial 1 for the first
 * @returns 0 for the bracket that halves first
 */
export function bracketOf(trial: number, brackets: number): number {
  const sizes = bracketSizes(brackets);
  let place = (trial - 1) % sizes.reduce((a, b) => a + b);
  return sizes.findIndex(size => (place -= size) < 0);
}

/** Trials in each bracket: ⌈(s_max + 1) / (s + 1) · η^s⌉, for s from s_max to 0. */
export function bracketSizes(brackets: number): number[] {
  return Array.from({ length: brackets }, (_, i) => {
    const s = brackets - 1 - i;
    return Math.ceil((brackets / (s + 1)) * reduction ** s);
  });
}

/** Tests before a bracket's first rung. */
export function firstRung(bracket: number, graceTests: number): number {
  return graceTests * reduction ** bracket;
}
