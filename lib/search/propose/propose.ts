/** What the next trial of a search is to try. */
import type { TrialTest } from '../early_stopping';
import { dimensionsOf, sampleSpace, trialRandom, type Sample } from '../space';
import type { SweepInfo, SweepTrial } from '../sweep_file';
import { outcomeOf, type Observation } from './ranking';
import { proposeByTpe, startupTrials } from './tpe';

/** How many more proposals are made in place of one that was already tried: a small space may have no other. */
const mostRepeats = 10;

/** What the methods need to know of a search. */
export type ProposingSearch = Pick<SweepInfo, 'space' | 'narrowed' | 'method' | 'seed' | 'trials'>;

/** Has the trial a value of each setting? */
export function isProposed(
  { space }: Pick<SweepInfo, 'space'>,
  { settings }: Pick<SweepTrial, 'settings'>,
): boolean {
  return dimensionsOf(space).every(([name]) => name in settings);
}

/**
 * All settings of a trial that is about to begin: those it has already, and the method's choice of the others. The choice
 * depends only on the seed, the trial's number and the other trials as they stand, so a search that was interrupted
 * proposes the same as one that was not.
 * @param tests of each trial, by its number
 */
export function proposeSettings(
  info: ProposingSearch,
  trial: SweepTrial,
  tests: ReadonlyMap<number, readonly TrialTest[]>,
): Sample {
  if (isProposed(info, trial)) return trial.settings;
  const others = info.trials.filter(other => other !== trial && isProposed(info, other));
  const observations = others.map(other => observe(other, tests.get(other.number) ?? []));
  const tried = new Set(others.map(({ settings }) => JSON.stringify(settings)));
  const random = trialRandom(info.seed, trial.number);
  for (let repeat = 0; ; repeat++) {
    const stream = repeat === 0 ? random : random.fork(`again ${repeat}`);
    const proposed = ordered(info, { ...propose(info, observations, stream), ...trial.settings });
    if (repeat === mostRepeats || !tried.has(JSON.stringify(proposed))) return proposed;
  }
}

function propose(
  { space, narrowed = space, method }: ProposingSearch,
  observations: readonly Observation[],
  random: ReturnType<typeof trialRandom>,
): Sample {
  const ended = observations.filter(({ outcome }) => outcome !== 'pending').length;
  const learns = method === 'tpe' && ended >= startupTrials;
  return learns ? proposeByTpe(narrowed, observations, random) : sampleSpace(narrowed, random);
}

/** The settings in the order of the space. */
function ordered({ space }: ProposingSearch, settings: Sample): Sample {
  return Object.fromEntries(dimensionsOf(space).map(([name]) => [name, settings[name]]));
}

function observe({ settings, state, bestTestError }: SweepTrial, tests: readonly TrialTest[]): Observation {
  const examples = tests.length > 0 ? tests[tests.length - 1].examples : 0;
  return { settings, outcome: outcomeOf(state), testError: bestTestError, examples };
}
