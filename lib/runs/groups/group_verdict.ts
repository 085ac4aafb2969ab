/** What a comparison of groups says in words. */
import { percent } from '../../base/format';
import { shellWord } from '../../base/quote';
import { remedy } from '../../base/remedy';
import { mean } from '../../base/statistics';
import { level, type Interval } from './crossed_design';
import type { GroupPair, SeedGroup } from './seed_group';

/** The better one comes first, so that its lead is a positive number. */
export function describeGroupPair(
  pair: Omit<GroupPair, 'verdict'>,
  groups: readonly [SeedGroup, SeedGroup],
  comparisons: number,
): string {
  const turned = pair.difference < 0;
  const [better, other] = turned ? [groups[1], groups[0]] : groups;
  const bounds = (interval: Interval) =>
    (turned ? [-interval.high, -interval.low] : [interval.low, interval.high]).map(points).join(' to ');
  const chance = `p ${pair.pValue < 0.0001 ? '< 0.0001' : `= ${Number(pair.pValue.toPrecision(2))}`}`;
  const corrected =
    comparisons > 1 ? `${chance} by Holm's correction for ${comparisons} comparisons` : chance;
  const size =
    `${percent(mean(better.errors))} against ${percent(mean(other.errors))} errors in the mean of ${seedsOf(groups)}; ` +
    `the difference of ${points(Math.abs(pair.difference))} percentage points (95 % interval ` +
    `${bounds(pair.newImages)} for other seeds and other images of this kind, ${bounds(pair.theseImages)} for other ` +
    `seeds on these images)`;
  if (pair.pValue < level) {
    return `${better.name} is better than ${other.name}: ${size} is more than chance (${corrected})`;
  }
  return `${better.name} and ${other.name} cannot be told apart: ${size} may be chance (${corrected}). ${advice(pair, groups)}`;
}

function seedsOf([first, second]: readonly [SeedGroup, SeedGroup]): string {
  const [a, b] = [first.seeds.length, second.seeds.length];
  if (a !== b) return `${a} seeds of ${first.name} and ${b} of ${second.name}, which are not paired`;
  return first.seeds.join() === second.seeds.join()
    ? `the same ${a} seeds`
    : `${a} seeds each, which are not paired`;
}

/** What would settle it. */
function advice(
  { seedsNeeded, difference, variances }: Omit<GroupPair, 'verdict'>,
  groups: readonly [SeedGroup, SeedGroup],
): string {
  if (difference === 0) return 'Nothing speaks for either of them';
  if (Number.isFinite(seedsNeeded)) {
    return (
      `If it is as large as it looks, ${seedsNeeded} seeds of each would settle it (4 times in 5). ` +
      moreSeeds(
        groups.map(({ runs }) => runs[0].id),
        seedsNeeded,
      )
    );
  }
  return variances.images > variances.seeds
    ? 'No number of seeds would settle it, for it is too small for so few test images: more of those would'
    : 'Even 1000 seeds of each would not settle it: if there is a difference, it is hardly worth the time';
}

/** How to train further seeds of these runs. @param runs their folders as a command takes them */
export function moreSeeds(runs: readonly string[], seeds: number): string {
  return remedy({
    call: `createRun(data, { …, seed }, { group }) makes the runs with seeds up to ${seeds - 1}; then compareGroups`,
    shell: `npm run seeds -- --of ${runs.map(shellWord).join(' ')} --seeds ${seeds} trains what is missing and compares`,
  });
}

/** `1.63`, of 0.0163 */
function points(share: number): string {
  return (share * 100).toFixed(2).replace('-', '−');
}
