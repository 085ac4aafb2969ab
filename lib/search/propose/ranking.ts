import type { Sample } from '../space';
import type { TrialState } from '../sweep_file';

/** What is known of a trial. */
export interface Observation {
  readonly settings: Sample;
  /** `pending`: it is running, or was interrupted. */
  readonly outcome: 'finished' | 'stopped early' | 'broke off' | 'pending';
  /** The lowest, 0..1; undefined before the first test. */
  readonly testError?: number;
  /** Training examples seen before its last test. */
  readonly examples: number;
}

export function outcomeOf(state: TrialState): Observation['outcome'] {
  return state === 'waiting' || state === 'running' || state === 'interrupted' ? 'pending' : state;
}

const places = { finished: 0, 'stopped early': 1, 'broke off': 2, pending: 3 } as const;

/**
 * The trials that have ended, best first. Trials that were stopped early come after all that finished, because nobody
 * knows how good they would have become: those that were trained longest first, and by their error where that is equal
 * (as Optuna ranks pruned trials). Trials that broke off come last: a loss that is not finite, or running out of memory,
 * is a good reason to look elsewhere.
 */
export function ranked(observations: readonly Observation[]): Observation[] {
  const error = ({ testError = Infinity }: Observation) => testError;
  return observations
    .filter(({ outcome }) => outcome !== 'pending')
    .map((observation, i) => ({ observation, i }))
    .sort(({ observation: a, i }, { observation: b, i: j }) => {
      const farther = a.outcome === 'stopped early' ? b.examples - a.examples : 0;
      const lower = error(a) === error(b) ? 0 : error(a) - error(b); // Infinity - Infinity is no number
      return places[a.outcome] - places[b.outcome] || farther || lower || i - j;
    })
    .map(({ observation }) => observation);
}
