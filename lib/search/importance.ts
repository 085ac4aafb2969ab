/**
 * Which settings matter: PED-ANOVA (Watanabe, Bansal and Hutter, "PED-ANOVA: Efficiently Quantifying Hyperparameter
 * Importance in Arbitrary Subspaces", IJCAI 2023). A setting matters if its values are distributed differently among the
 * best trials than among all trials; Pearson's divergence of the two densities measures how much.
 */
import { UserError } from '../base/errors';
import { createRandom, shuffle } from '../base/random';
import { variance } from '../base/statistics';
import { choiceProbabilities, ParzenEstimator } from './propose/parzen';
import { outcomeOf, ranked, type Observation } from './propose/ranking';
import { toUnit } from './propose/unit';
import { choiceIndex, dimensionsOf, type Choice, type NumberRange } from './space';
import type { SweepResult, TrialResult } from './sweep_result';

/** How much a setting matters, beside the others of its search. */
export interface SettingImportance {
  readonly name: string;
  /** 0..1; the sum over all settings is 1. */
  readonly importance: number;
  /**
   * In the same unit: with the errors shuffled among the trials, 95 % of the importances lie below this. An importance
   * below it is no evidence that the setting matters.
   */
  readonly byChance: number;
}

/** The fraction of the trials that counts as best. Optuna takes a tenth, which of a small search is two or three trials. */
const bestFraction = 0.25;
const leastTrials = 10;
/** Points at which the densities of a range are compared. */
const gridPoints = 50;
const shuffles = 100;
/** The narrowest Gaussian, for values that are all the same. */
const narrowest = 0.02;

/**
 * How much each setting of a search matters for being among its best quarter of trials. Each setting is looked at by
 * itself: two that matter only in combination go unnoticed. It says nothing about values outside the space, and after a
 * search by TPE little about regions where it seldom looked. Trials are ranked as TPE ranks them.
 * @returns the most important first; each time the same numbers
 * @throws UserError for less than ten trials that have ended
 *
 * @example
 * const space = { learningRate: logUniform(1e-4, 1e-2), dropout: uniform(0, 0.6) };
 * const found = await sweep(mnist, space, { trials: 40, method: 'tpe' });
 * await show(importanceBars(settingImportances(found)));
 */
export function settingImportances({
  space,
  trials,
}: Pick<SweepResult, 'space' | 'trials'>): SettingImportance[] {
  const seen = ranked([...trials].sort((a, b) => a.number - b.number).map(observe));
  if (seen.length < leastTrials) {
    throw new UserError(
      `Expected at least ${leastTrials} trials that have ended, found ${seen.length}: search with more of them`,
    );
  }
  const numBest = Math.ceil(bestFraction * seen.length);
  const random = createRandom(0).fork('importance');
  const measured = dimensionsOf(space).map(([name, dimension]) => {
    const values = seen.map(({ settings }) => settings[name]);
    const divergence = divergenceOf(dimension, values, numBest);
    const stream = random.fork(name);
    const chances = Array.from({ length: shuffles }, () => {
      const dealt = [...values];
      shuffle(dealt, stream);
      return divergenceOf(dimension, dealt, numBest);
    }).sort((a, b) => a - b);
    return { name, divergence, chance: chances[Math.ceil(0.95 * shuffles) - 1] };
  });
  const sum = measured.reduce((total, { divergence }) => total + divergence, 0) || 1;
  return measured
    .map(({ name, divergence, chance }) => ({ name, importance: divergence / sum, byChance: chance / sum }))
    .sort((a, b) => b.importance - a.importance);
}

/** @param values of the trials, best first */
function divergenceOf(dimension: Choice | NumberRange, values: readonly unknown[], numBest: number): number {
  if (dimension.kind === 'choice') {
    const indices = values.map(value => choiceIndex(dimension, value)).filter(i => i >= 0);
    const [best, all] = [indices.slice(0, numBest), indices].map(some =>
      choiceProbabilities(some, dimension.values.length),
    );
    return pearson(best, all);
  }
  const places = values.map(value => Math.min(1, Math.max(0, toUnit(dimension, Number(value)))));
  const width = scottsWidth(places.slice(0, numBest));
  const [best, all] = [places.slice(0, numBest), places].map(some => {
    const estimator = new ParzenEstimator(some, Array<number>(some.length).fill(width));
    return Array.from(
      { length: gridPoints },
      (_, i) => estimator.density((i + 0.5) / gridPoints) / gridPoints,
    );
  });
  return pearson(best, all);
}

/** Pearson's divergence of p from q: the mean over q of (p / q − 1)². */
function pearson(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, probability, i) => sum + (probability / q[i] - 1) ** 2 * q[i], 0);
}

/**
 * Scott's rule (1992) for the width of the Gaussians. That of the best is taken for all trials too, so that the two
 * densities do not differ by how they are smoothed.
 */
function scottsWidth(places: readonly number[]): number {
  return Math.max(narrowest, 1.059 * Math.sqrt(variance(places)) * places.length ** -0.2);
}

function observe({ settings, state, testError, step, hyperparameters }: TrialResult): Observation {
  return { settings, outcome: outcomeOf(state), testError, examples: step * hyperparameters.batchSize };
}
