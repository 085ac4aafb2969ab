import type { DataSet } from '../data';
import { UserError } from '../base/errors';
import { differingSettings, runNames, type SettingDifference } from './differences';
import { mcnemarTest, pairedDifference, type Difference } from './mcnemar';
import { readRun, type StoredRun } from './read_run';

/** Options of `compareRuns`. */
export interface CompareOptions {
  /** The test images that the runs were tested with. Without them curves and settings can be compared, errors cannot. */
  test?: DataSet;
}

/** Two runs on the same test images, at the last test of each. */
export interface PairComparison extends Difference {
  /** The names of both. */
  readonly first: string;
  readonly second: string;
  /** Images that only the first takes for another class, by their index; their number is b in McNemar's test. */
  readonly onlyFirstWrong: readonly number[];
  /** Their number is c. */
  readonly onlySecondWrong: readonly number[];
  /** Of McNemar's exact test, two-sided. */
  readonly pValue: number;
  /** In words. */
  readonly verdict: string;
}

/** What `compareRuns` found. */
export interface RunComparison {
  readonly runs: readonly StoredRun[];
  /** A name for each run that no other one has. */
  readonly names: readonly string[];
  readonly settings: readonly SettingDifference[];
  /** The first run against each other one. */
  readonly pairs: readonly PairComparison[];
  /** What could not be compared, and why. */
  readonly leftOut: readonly string[];
  readonly test?: DataSet;
}

/** Below it a difference counts as more than chance. */
const significance = 0.05;

/**
 * What differs between runs, and whether the first is better or worse than each other one by more than chance. That is
 * a statement on these trained networks and all images of this kind; the same settings with another seed may give
 * another result: `compareGroups` compares settings, by several seeds of each.
 * @param runs at least two: runs, their folders, or names of folders in `runs`; read anew from their files
 * @throws UserError for fewer than two, for the same run twice, or if one cannot be read
 *
 * @example
 * await showComparison(compareRuns([tutorial, faster], { test: mnist.test }));
 */
export function compareRuns(
  runs: readonly (string | { readonly folder: string })[],
  { test }: CompareOptions = {},
): RunComparison {
  const stored = runs.map(run => readRun(typeof run === 'string' ? run : run.folder));
  if (stored.length < 2) {
    throw new UserError(`Expected at least two runs to compare, found ${stored.length}`);
  }
  const twice = stored.find(({ folder }, i) => stored.findIndex(run => run.folder === folder) < i);
  if (twice) throw new UserError(`Expected runs that differ, found ${twice.id} twice`);
  const names = runNames(stored);
  return {
    runs: stored,
    names,
    settings: differingSettings(stored),
    ...comparePairs(stored, names, test),
    test,
  };
}

function comparePairs(
  runs: readonly StoredRun[],
  names: readonly string[],
  test: DataSet | undefined,
): Pick<RunComparison, 'pairs' | 'leftOut'> {
  if (!test) {
    const line =
      'The errors on single images are not compared: compareRuns(runs, { test: mnist.test }) does that, with the ' +
      'images that the runs were tested with';
    return { pairs: [], leftOut: [line] };
  }
  const reasons = runs.map(run => unusable(run, test));
  const leftOut = runs.flatMap((_, i) => (reasons[i] ? [`${names[i]} is left out: ${reasons[i]}`] : []));
  if (reasons[0]) return { pairs: [], leftOut: [...leftOut, `Nothing can be compared with ${names[0]}`] };
  const pairs = runs.flatMap((_, i) => (i > 0 && !reasons[i] ? [comparePair(runs, names, i, test)] : []));
  return { pairs, leftOut };
}

/** Why a run's predictions cannot be held against the labels. */
export function unusable({ predictions, test: points }: StoredRun, test: DataSet): string | undefined {
  if (!predictions) return 'its folder has no predictions, which the first test writes';
  const { classes, step } = predictions;
  if (classes.length !== test.numExamples) {
    return `it was tested with ${classes.length} images, and the test images given are ${test.numExamples}`;
  }
  const point = points.find(tested => tested.step === step);
  if (!point)
    return `its test at step ${step} is not recorded, so nothing tells whether the images are the same`;
  const errors = countErrors(classes, test);
  const recorded = Math.round(point.testError * test.numExamples);
  if (errors === recorded) return undefined;
  return `it recorded ${recorded} errors, and on the images given its predictions make ${errors}: they are others`;
}

export function countErrors(classes: Uint8Array, { labels }: DataSet): number {
  return classes.reduce((count, value, i) => count + (value === labels[i] ? 0 : 1), 0);
}

function comparePair(
  runs: readonly StoredRun[],
  names: readonly string[],
  other: number,
  { labels }: DataSet,
): PairComparison {
  const [first, second] = [runs[0], runs[other]].map(run => run.predictions!.classes);
  const wrong = [...labels].map((label, i) => [first[i] !== label, second[i] !== label]);
  const indicesOf = (a: boolean, b: boolean) =>
    wrong.flatMap(([inFirst, inSecond], i) => (inFirst === a && inSecond === b ? [i] : []));
  const [onlyFirstWrong, onlySecondWrong] = [indicesOf(true, false), indicesOf(false, true)];
  const [b, c] = [onlyFirstWrong.length, onlySecondWrong.length];
  const [bothWrong, bothRight] = [indicesOf(true, true).length, indicesOf(false, false).length];
  const difference = pairedDifference({ onlyFirstWrong: b, onlySecondWrong: c, bothWrong, bothRight });
  const pValue = mcnemarTest(b, c);
  const errors: [number, number] = [bothWrong + b, bothWrong + c];
  const verdict = describe([names[0], names[other]], errors, difference, pValue);
  return {
    first: names[0],
    second: names[other],
    onlyFirstWrong,
    onlySecondWrong,
    ...difference,
    pValue,
    verdict,
  };
}

/** The better one comes first, so that its lead is a positive number. */
function describe(
  [first, second]: [string, string],
  errors: [number, number],
  { difference, low, high }: Difference,
  pValue: number,
): string {
  if (difference < 0) {
    const turned = { difference: -difference, low: -high, high: -low };
    return describe([second, first], [errors[1], errors[0]], turned, pValue);
  }
  const points = (share: number) => (share * 100).toFixed(2).replace('-', '−');
  const counts = `${errors[0]} against ${errors[1]} errors`;
  const size = `the difference of ${points(difference)} percentage points (95 % interval ${points(low)} to ${points(high)})`;
  const chance = `McNemar p ${pValue < 0.0001 ? '< 0.0001' : `= ${Number(pValue.toPrecision(2))}`}`;
  return pValue < significance
    ? `${first} is better than ${second}: ${counts}; ${size} is more than chance (${chance})`
    : `${first} and ${second} cannot be told apart: ${counts}; ${size} may be chance (${chance})`;
}
