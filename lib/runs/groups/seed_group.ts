import type { StoredRun } from '../read_run';
import type { CrossedDifference } from './crossed_design';

/** Runs that differ in nothing but their seed, at the last test of each. */
export interface SeedGroup {
  readonly name: string;
  /** One for each seed, the lowest first. */
  readonly runs: readonly StoredRun[];
  readonly seeds: readonly number[];
  /** The test error of each, 0..1. */
  readonly errors: readonly number[];
}

/** Two groups on the same test images. */
export interface GroupPair extends CrossedDifference {
  /** The names of both. */
  readonly first: string;
  readonly second: string;
  /** Whether seed by seed, which needs the same seeds in both. */
  readonly paired: boolean;
  /** That the groups are equally good on new images, after Holm's correction for all comparisons. */
  readonly pValue: number;
  /** Of each group, to find a difference as large as the measured one with a probability of 80 %; perhaps Infinity. */
  readonly seedsNeeded: number;
  /** In words. */
  readonly verdict: string;
}
