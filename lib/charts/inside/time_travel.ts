/** A training to be played test by test. */
import type { Annotations, Data, Layout } from 'plotly.js';
import { UserError } from '../../base/errors';
import { percent } from '../../base/format';
import type { History } from '../../base/history';
import { createFigure, type Figure } from '../figure';
import { digitPng, type Digit } from '../parts/digit';
import { image, textAt } from '../parts/drawing';
import { checkIndex, framesOf, playback } from '../parts/playback';
import { baseLayout } from '../parts/theme';
import {
  confusionAxes,
  confusionCells,
  confusionImage,
  confusionNumbers,
  countConfusions,
  errorOf,
  mostMistaken,
} from './confusion_panel';
import { errorAxes, errorLines, mark, verticalLine } from './error_panel';
import {
  followedAnswers,
  followedBox,
  followedPlaces,
  followedWidth,
  mostFollowed,
  mostRestless,
} from './followed_images';

/** What the network took each test image for, at one test. */
export interface TestedClasses {
  /** Training steps made before it. */
  readonly step: number;
  /** One class for each test image. */
  readonly classes: ArrayLike<number>;
}

/** The test images; a data set is one. */
export interface TestImages {
  readonly labels: ArrayLike<number>;
  readonly numClasses: number;
  example(index: number): Digit;
}

/** Options of `timeTravel`. */
export interface TimeTravelOptions {
  /** The images that are followed, 1 to 12, by their index. Default: the 8 whose answers changed most often. */
  images?: readonly number[];
  /** The test that is shown at first and in the picture, 0 for the first. Default: the last. */
  test?: number;
  /** Name of each class, where the number says too little. */
  classNames?: readonly string[];
}

/** Sizes in pixels. */
const width = 740;
const margin = { l: 64, r: 16, t: 26, b: 120 };
const sheet = { width: width - margin.l - margin.r, height: 560 };
const curveHeight = 170;
const matrixSize = 305;
const imagesLeft = sheet.width - followedWidth;
const lowerTop = sheet.height - matrixSize;

/**
 * A training as a film: one slider over its tests moves the mark on the error curve, the confusion matrix and the answers
 * for some images together. A figure with frames and a play button; no kernel is needed. Of more than 56 tests some at
 * equal distances are there.
 * @param history of the run
 * @param tests the predictions that were kept, as `readTestPredictions(run.folder)` returns them
 * @param data the images that the run was tested with
 * @throws UserError without kept predictions, for other images than those of the tests, or for too many images to follow
 *
 * @example
 * await show(timeTravel(run.history, readTestPredictions(run.folder), mnist.test));
 */
export function timeTravel(
  history: Pick<History, 'train' | 'test'>,
  tests: readonly TestedClasses[],
  data: TestImages,
  options: TimeTravelOptions = {},
): Figure {
  checkTests(tests, data);
  const { images = mostRestless(tests, 8), test = tests.length - 1, classNames } = options;
  checkImages(images, data);
  checkIndex('a test among those whose predictions were kept', test, tests.length);
  const { labels, numClasses } = data;
  const confusions = tests.map(({ classes }) => countConfusions(labels, classes, numClasses));
  const errors = confusions.map(errorOf);
  const most = mostMistaken(confusions);
  const followed = images.map((index, i) => {
    return { index, digit: data.example(index), box: followedBox(i, imagesLeft, lowerTop) };
  });
  const lastStep = Math.max(tests[tests.length - 1].step, ...history.train.slice(-1).map(({ step }) => step));
  const changing = (t: number): Data[] => [
    mark(tests[t].step, errors[t], lastStep),
    confusionNumbers(confusions[t]),
    followedAnswers(followed, tests[t].classes, classNames),
  ];
  const layoutAt = (t: number): Partial<Layout> => ({
    shapes: [verticalLine(tests[t].step)],
    images: [confusionImage(confusions[t], most)], // of several images frames replace the first
  });
  const fixed = [{}, confusionCells(numClasses, classNames), followedPlaces(followed)] as Data[];
  const shown = framesOf(tests.length, test);
  const names = shown.map(t => String(tests[t].step));
  const first = layoutAt(test);
  const hidden = { visible: false, fixedrange: true } as const;
  return createFigure({
    data: [...changing(test).map((trace, i) => ({ ...fixed[i], ...trace }) as Data), ...errorLines(history)],
    layout: {
      ...baseLayout(describe(tests, errors, test)),
      ...{ width, height: sheet.height + margin.t + margin.b, margin },
      showlegend: false,
      hovermode: 'closest',
      xaxis: { ...hidden, range: [0, sheet.width] },
      yaxis: { ...hidden, range: [sheet.height, 0] },
      ...errorAxes(
        lastStep,
        [...errors, ...history.test.map(({ testError }) => testError)],
        1 - curveHeight / sheet.height,
      ),
      ...confusionAxes(
        numClasses,
        { x: [0, matrixSize / sheet.width], y: [0, matrixSize / sheet.height] },
        classNames,
      ),
      shapes: first.shapes,
      images: [...first.images!, ...followed.map(({ digit, box }) => image(digitPng(digit), box))],
      annotations: titles(history.train.length > 0),
      ...playback(names, shown.indexOf(test), 'after training step '),
    },
    frames: shown.map((t, i) => ({
      ...{ name: names[i], data: changing(t), traces: [0, 1, 2], layout: layoutAt(t) },
    })),
    config: { displayModeBar: false },
  });
}

function checkTests(tests: readonly TestedClasses[], { labels }: TestImages): void {
  if (tests.length === 0) {
    throw new UserError(
      'Expected the predictions of at least one test, found none: the run is older than they are, or was never tested',
    );
  }
  const odd = tests.find(({ classes }) => classes.length !== labels.length);
  if (!odd) return;
  throw new UserError(
    `Expected the ${odd.classes.length} images that the run was tested with, found ${labels.length}`,
  );
}

function checkImages(images: readonly number[], { labels }: TestImages): void {
  if (images.length === 0 || images.length > mostFollowed) {
    throw new UserError(`Expected 1 to ${mostFollowed} images to follow, found ${images.length}`);
  }
  images.forEach(index => checkIndex('the index of a test image', index, labels.length));
}

function titles(hasTraining: boolean): Partial<Annotations>[] {
  const above = { xanchor: 'left', yanchor: 'bottom' } as const;
  const y = lowerTop - 6;
  const lines = hasTraining
    ? 'vermilion: test images; blue: training batches, smoothed'
    : 'on the test images';
  return [
    textAt(sheet.width, 0, lines, { xanchor: 'right', yanchor: 'bottom' }),
    textAt(0, y, 'who is taken for whom', above),
    textAt(imagesLeft, y, 'some images, and what they are taken for', above),
  ];
}

function describe(tests: readonly TestedClasses[], errors: readonly number[], test: number): string {
  const told = [...new Set([0, test, tests.length - 1])].map(
    t => `${percent(errors[t])} after step ${tests[t].step}`,
  );
  return `A training at its ${tests.length} tests: of the images were wrong ${told.join(', ')}`;
}
