import { UserError } from '../base/errors';
import { range } from '../base/range';
import { readable } from '../base/readable';
import type { DataSet } from '../data';
import { readRun } from '../runs/read_run';
import { readTestPredictions } from '../runs/test_predictions';

/** What became of one test image while a network was trained. */
export interface Biography {
  /** Its place in the data set. */
  readonly index: number;
  readonly label: number;
  /** The step of the first test that got it right; undefined if none did. */
  readonly learnedAt?: number;
  /** The step of the test from which on it was right until the end; undefined if it is wrong at the end. */
  readonly settledAt?: number;
  /** How often it was right at one test and wrong at the next. */
  readonly forgotten: number;
  /** What it was taken for, at each test. */
  readonly answers: Uint8Array;
}

/** The biographies of all test images in one run. */
export interface RunBiographies {
  readonly folder: string;
  /** Training steps made before each test. */
  readonly steps: readonly number[];
  readonly images: readonly Biography[];
  /** By their index: right at one test and wrong at a later one. */
  readonly everForgotten: readonly number[];
  /** By their index: wrong at every test. */
  readonly neverLearned: readonly number[];
}

/** Of one run or several. */
export interface Biographies {
  readonly runs: readonly RunBiographies[];
  /** By their index: wrong at every test of every run. */
  readonly neverLearned: readonly number[];
  /** By their index: wrong at the last test of every run. */
  readonly alwaysWrong: readonly number[];
}

/**
 * When each test image was learned, how often it was forgotten, and which never were learned (Toneva et al. 2019, "An
 * empirical study of example forgetting during deep neural network learning", who count forgetting of training
 * examples; here it is that of test images, from test to test).
 * @param runs a run, its folder, or several of them
 * @param data the test images that the runs were tested with
 * @throws UserError for a run without predictions of its tests, such as an older one, or one tested with other images
 *
 * @example
 * const { runs: [own], alwaysWrong } = biographies([run, faster], mnist.test);
 * console.log(own.everForgotten.length, 'were forgotten at least once');
 */
export function biographies(
  runs: string | { readonly folder: string } | readonly (string | { readonly folder: string })[],
  data: DataSet,
): Biographies {
  const list = (Array.isArray(runs) ? runs : [runs]) as readonly (string | { readonly folder: string })[];
  if (list.length === 0) throw new UserError('Expected at least one run, found an empty list');
  const found = list.map(run => ofRun(typeof run === 'string' ? run : run.folder, data));
  const inAll = (isOne: (biography: Biography) => boolean) =>
    range(data.numExamples).filter(i => found.every(({ images }) => isOne(images[i])));
  const record: Biographies = {
    runs: found,
    neverLearned: inAll(({ learnedAt }) => learnedAt === undefined),
    alwaysWrong: inAll(({ settledAt }) => settledAt === undefined),
  };
  return readable(record, { text: describe });
}

function ofRun(folder: string, data: DataSet): RunBiographies {
  const tests = readTestPredictions(folder);
  const { id, test: points } = readRun(folder);
  if (tests.length === 0) {
    throw new UserError(
      `Expected a run that keeps the predictions of its tests, found ${id} without: it is older, or was never tested`,
    );
  }
  for (const { step, classes } of tests) {
    const point = points.find(tested => tested.step === step);
    const errors = classes.reduce((count, answer, i) => count + Number(answer !== data.labels[i]), 0);
    const fits = classes.length === data.numExamples;
    if (fits && (!point || Math.round(point.testError * classes.length) === errors)) continue;
    throw new UserError(
      `Expected the test images that ${id} was tested with, found ` +
        (fits
          ? `others: its predictions at step ${step} make ${errors} errors on them`
          : `${data.numExamples}`) +
        `; give the test set of the same data, of ${classes.length} images`,
    );
  }
  const steps = tests.map(({ step }) => step);
  const images = range(data.numExamples).map(index => {
    const answers = Uint8Array.from(tests, ({ classes }) => classes[index]);
    return biography(index, data.label(index), answers, steps);
  });
  const indices = (isOne: (each: Biography) => boolean) => images.filter(isOne).map(({ index }) => index);
  return {
    folder,
    steps,
    images,
    everForgotten: indices(({ forgotten }) => forgotten > 0),
    neverLearned: indices(({ learnedAt }) => learnedAt === undefined),
  };
}

function biography(index: number, label: number, answers: Uint8Array, steps: readonly number[]): Biography {
  const first = answers.indexOf(label);
  let settled = answers.length;
  while (settled > 0 && answers[settled - 1] === label) settled--;
  const forgotten = answers.filter(
    (answer, k) => k > 0 && answer !== label && answers[k - 1] === label,
  ).length;
  return {
    ...{ index, label, answers, forgotten },
    ...(first >= 0 && { learnedAt: steps[first] }),
    ...(settled < answers.length && { settledAt: steps[settled] }),
  };
}

function describe({ runs, neverLearned, alwaysWrong }: Biographies): string {
  const [{ images, steps, everForgotten }] = runs;
  return (
    `Biographies of ${images.length} images over ${steps.length} tests${runs.length > 1 ? ` of the first of ${runs.length} runs` : ''}: ` +
    `${everForgotten.length} forgotten at least once; ${neverLearned.length} never learned, ${alwaysWrong.length} wrong at the end` +
    (runs.length > 1 ? ' of all runs' : '')
  );
}
