/**
 * The tree-structured Parzen estimator (TPE): Bergstra et al., "Algorithms for Hyper-Parameter Optimization", 2011,
 * section 4. For each setting it estimates two densities, l from the good trials and g from the others, draws candidates
 * from l, and takes the one with the highest l / g, which has the highest expected improvement. Settings are treated as
 * independent of one another, as in the paper.
 */
import type { Random } from '../../base/random';
import { choiceIndex, dimensionsOf, type Choice, type NumberRange, type Sample, type Space } from '../space';
import { choiceProbabilities, ParzenEstimator } from './parzen';
import { ranked, type Observation } from './ranking';
import { fromUnit, toUnit } from './unit';

/** The fraction of the trials that counts as good: γ of the paper. */
const goodFraction = 0.15;

/** Candidates for each setting, as in hyperopt and Optuna. */
const numCandidates = 24;

/** Trials whose settings are drawn at random before anything is learned, as in Optuna. */
export const startupTrials = 10;

/**
 * The next point of the space.
 * @param observations Pending trials count as bad, so that trials side by side do not all try the same: the constant
 * liar with the worst value (Ginsbourger et al., "Kriging is well-suited to parallelize optimization", 2010). Values that
 * lie outside the space, which may have been narrowed, are ignored
 * @param random each setting has a stream of its own, as in `sampleSpace`
 */
export function proposeByTpe(space: Space, observations: readonly Observation[], random: Random): Sample {
  const { good, others } = splitTrials(observations);
  const values = dimensionsOf(space).map(([name, dimension]) => {
    const of = (trials: readonly Observation[]) => trials.map(({ settings }) => settings[name]);
    const stream = random.fork(name);
    const propose = dimension.kind === 'choice' ? bestChoice : bestNumber;
    return [name, propose(dimension as never, of(good), of(others), stream)];
  });
  return Object.fromEntries(values) as Sample;
}

/** At least one of those that ended is good. */
export function splitTrials(observations: readonly Observation[]): {
  readonly good: readonly Observation[];
  readonly others: readonly Observation[];
} {
  const ended = ranked(observations);
  const numGood = Math.ceil(goodFraction * ended.length);
  const pending = observations.filter(({ outcome }) => outcome === 'pending');
  return { good: ended.slice(0, numGood), others: [...ended.slice(numGood), ...pending] };
}

function bestNumber(
  range: NumberRange,
  good: readonly unknown[],
  others: readonly unknown[],
  random: Random,
): number {
  const inside = (values: readonly unknown[]) =>
    values.map(value => toUnit(range, Number(value))).filter(place => place >= 0 && place <= 1);
  const [l, g] = [good, others].map(values => new ParzenEstimator(inside(values)));
  const candidates = Array.from({ length: numCandidates }, () => l.sample(random));
  return fromUnit(
    range,
    best(candidates, x => l.density(x) / g.density(x)),
  );
}

function bestChoice(
  choice: Choice,
  good: readonly unknown[],
  others: readonly unknown[],
  random: Random,
): unknown {
  const { values } = choice;
  const indices = (chosen: readonly unknown[]) =>
    chosen.map(value => choiceIndex(choice, value)).filter(i => i >= 0);
  const [l, g] = [good, others].map(chosen => choiceProbabilities(indices(chosen), values.length));
  const candidates = Array.from({ length: numCandidates }, () => drawIndex(l, random));
  return values[best(candidates, i => l[i] / g[i])];
}

/** The first of those with the highest score. */
function best(candidates: readonly number[], score: (candidate: number) => number): number {
  const scores = candidates.map(score);
  return candidates[scores.indexOf(Math.max(...scores))];
}

/** @param probabilities their sum is 1 */
function drawIndex(probabilities: readonly number[], random: Random): number {
  let left = random.uniform();
  const found = probabilities.findIndex(probability => (left -= probability) < 0);
  return found < 0 ? probabilities.length - 1 : found; // rounding may leave a little
}
