/** Runs of one group as one item of a list or a chart. */

/** A run by itself, or at least two of a group. */
export interface FoldedRuns<Run> {
  /** Undefined for a run by itself. */
  readonly group?: string;
  readonly runs: readonly Run[];
}

/** Each group stands where its first run stood. A group of one run is that run. */
export function foldRuns<Run extends { readonly group?: string }>(runs: readonly Run[]): FoldedRuns<Run>[] {
  const firsts = runs.filter(
    ({ group }, i) => group === undefined || runs.findIndex(other => other.group === group) === i,
  );
  return firsts.map(first => {
    const own = first.group === undefined ? [first] : runs.filter(({ group }) => group === first.group);
    return own.length > 1 ? { group: first.group, runs: own } : { runs: own };
  });
}

/** Beyond so many different values only the first and the last are told. */
const mostValues = 3;

/** The values that the runs of a group have of one setting: `gru`, `0.1, 0.2`, `0 … 4`. */
export function summarize(values: readonly string[]): string {
  const different = [...new Set(values)];
  const numbers = different.every(value => value !== '' && Number.isFinite(Number(value)));
  const sorted = numbers ? different.sort((a, b) => Number(a) - Number(b)) : different;
  return sorted.length <= mostValues ? sorted.join(', ') : `${sorted[0]} … ${sorted[sorted.length - 1]}`;
}
