import type { DataSet } from '../../data';
import { didYouMean } from '../../base/did_you_mean';
import { UserError } from '../../base/errors';
import { jsString } from '../../base/quote';
import { countErrors, unusable } from '../compare_runs';
import { differingSettings, type SettingDifference } from '../differences';
import { findRuns } from '../list_runs';
import { readRun, type StoredRun } from '../read_run';
import { defaultHyperparameters } from '../../model/hyperparameters';
import { crossedDifference, level, type ErrorTable } from './crossed_design';
import { describeGroupPair, moreSeeds } from './group_verdict';
import type { GroupPair, SeedGroup } from './seed_group';
import { holm, seedsNeeded } from './seeds_needed';

/** Options of `compareGroups`. */
export interface CompareGroupsOptions {
  /** The test images that all runs were tested with. */
  test: DataSet;
  /** Where the folders of runs stand, for groups that are given by name. Default `runs` in the project. */
  directory?: string;
}

/** What `compareGroups` found. */
export interface GroupComparison {
  readonly groups: readonly SeedGroup[];
  /** In which the groups differ; the seed is not among them. */
  readonly settings: readonly SettingDifference[];
  /** The first group against each other one. */
  readonly pairs: readonly GroupPair[];
  /** Runs that could not be used, and why. */
  readonly leftOut: readonly string[];
}

type GivenRun = string | { readonly folder: string };

/**
 * Whether the first of several groups of seeds is better or worse than each other one by more than chance: chance of the
 * seeds, and chance of the test images, which all runs share. See `crossedDifference` for the statistics, and `holm` for
 * several comparisons at once. The raw weights are compared, also where a run has averaged ones.
 * @param groups at least two: names of groups, or their runs, as folders, names of folders or runs; read anew from their
 * files. Groups with the same seeds are compared seed by seed
 * @throws UserError for fewer than two groups, one with fewer than two usable seeds, or one whose runs differ in more than
 * the seed
 *
 * @example
 * await showGroupComparison(compareGroups(['post', 'better'], { test: mnist.test }));
 */
export function compareGroups(
  groups: readonly (string | readonly GivenRun[])[],
  { test, directory }: CompareGroupsOptions,
): GroupComparison {
  if (groups.length < 2)
    throw new UserError(`Expected at least two groups to compare, found ${groups.length}`);
  const leftOut: string[] = [];
  const found = groups.map((group, i) => seedGroup(group, `group ${i + 1}`, { test, directory }, leftOut));
  const twice = found.find(({ name }, i) => found.findIndex(other => other.name === name) < i);
  if (twice) throw new UserError(`Expected groups with different names, found ${jsString(twice.name)} twice`);
  const settings = differingSettings(found.map(({ runs }) => runs[0]));
  return {
    groups: found,
    settings: settings.filter(({ name }) => name !== 'seed'),
    pairs: comparePairs(found, test),
    leftOut,
  };
}

function comparePairs([first, ...others]: readonly SeedGroup[], test: DataSet): GroupPair[] {
  const tables = new Map([first, ...others].map(group => [group, errorTable(group, test)]));
  const compared = others.map(other => {
    const paired = first.seeds.join() === other.seeds.join();
    return { other, paired, ...crossedDifference(tables.get(first)!, tables.get(other)!, paired) };
  });
  const pValues = holm(compared.map(({ newImages }) => newImages.pValue));
  return compared.map(({ other, ...pair }, i) => {
    const seeds = seedsNeeded(pair, level / others.length);
    const known = { first: first.name, second: other.name, ...pair, pValue: pValues[i], seedsNeeded: seeds };
    return { ...known, verdict: describeGroupPair(known, [first, other], others.length) };
  });
}

function errorTable({ runs }: SeedGroup, { labels }: DataSet): ErrorTable {
  return runs.map(({ predictions }) => predictions!.classes.map((value, i) => Number(value !== labels[i])));
}

function seedGroup(
  given: string | readonly GivenRun[],
  otherName: string,
  { test, directory = 'runs' }: CompareGroupsOptions,
  leftOut: string[],
): SeedGroup {
  const runs =
    typeof given === 'string'
      ? runsOfGroup(given, directory)
      : given.map(run => readRun(typeof run === 'string' ? run : run.folder));
  const name = typeof given === 'string' ? given : (sharedName(runs) ?? otherName);
  const usable = runs.filter(run => {
    const reason =
      run.info.state === 'finished' ? unusable(run, test) : `it is not finished: ${run.info.state}`;
    if (reason) leftOut.push(`${run.id} is left out: ${reason}`);
    return reason === undefined;
  });
  const single = onePerSeed(usable, leftOut);
  const others = differingSettings(single).filter(setting => setting.name !== 'seed');
  if (others.length > 0) {
    const told = others.map(setting => `${setting.name} ${[...new Set(setting.values)].join(' and ')}`);
    throw new UserError(
      `Expected runs that differ only in their seed in the group ${jsString(name)}, found ${told.join('; ')}: give those of ` +
        'one setting, or put each setting into a group of its own by labelRun(run, { group: … })',
    );
  }
  if (single.length < 2) {
    throw new UserError(
      `Expected at least two seeds in the group ${jsString(name)}, found ${single.length || 'none'} that can be used` +
        `${leftOut.length > 0 ? ` (${leftOut.join('; ')})` : ''}: one seed says nothing of how much others differ. ` +
        (single.length > 0 ? moreSeeds([single[0].id], 5) : ''),
    );
  }
  return {
    name,
    runs: single,
    seeds: single.map(seedOf),
    errors: single.map(run => countErrors(run.predictions!.classes, test) / test.numExamples),
  };
}

function runsOfGroup(group: string, directory: string): StoredRun[] {
  const { runs } = findRuns({ directory });
  const own = runs.filter(run => run.group === group);
  if (own.length > 0) return own;
  const names = [...new Set(runs.flatMap(run => run.group ?? []))];
  throw new UserError(
    `Expected a group of runs in ${directory}, found none that is called ${jsString(group)}${didYouMean(group, names)}`,
  );
}

/** Two runs of one seed are one run made twice, not two samples: the later one counts. */
function onePerSeed(runs: readonly StoredRun[], leftOut: string[]): StoredRun[] {
  const bySeed = new Map<number, StoredRun>();
  for (const run of [...runs].sort(
    (a, b) => b.info.started.localeCompare(a.info.started) || b.id.localeCompare(a.id),
  )) {
    const other = bySeed.get(seedOf(run));
    if (other) leftOut.push(`${run.id} is left out: ${other.id} has the same seed, ${seedOf(run)}`);
    else bySeed.set(seedOf(run), run);
  }
  return [...bySeed.values()].sort((a, b) => seedOf(a) - seedOf(b));
}

const seedOf = ({ hyperparameters: { seed = defaultHyperparameters.seed } }: StoredRun) => Number(seed);

function sharedName(runs: readonly StoredRun[]): string | undefined {
  for (const names of [runs.map(({ group }) => group), runs.map(({ info }) => info.name)]) {
    if (names[0] !== undefined && new Set(names).size === 1) return names[0];
  }
  return undefined;
}
