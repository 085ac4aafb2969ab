/** Which learning rate a network can take, by the range test. */
import { UserError } from '../../base/errors';
import { showValue } from '../../base/format';
import { throwIfInterrupted } from '../../base/interrupt';
import { range } from '../../base/range';
import { readable } from '../../base/readable';
import { checkSmoothing, smooth } from '../../base/smooth';
import type { TrainingRun } from '../training_run';

/** Options of `learningRateFinder`. */
export interface LearningRateFinderOptions {
  /** The first rate. Default 1e-6. */
  minimum?: number;
  /** The last rate, if the loss does not explode before. Default 1. */
  maximum?: number;
  /** Training steps, each with a rate higher by the same factor. Default 100. */
  steps?: number;
  /** Weight of the neighbour in the moving average of the loss, 0 (none) to below 1. Default 0.8. */
  smoothing?: number;
  /** Aborted, it ends the test after the step that it is in; the run is then as it was. */
  signal?: AbortSignal;
}

/** What the range test found. */
export interface LearningRateRange {
  /** Those that were tried, in order. */
  readonly rates: readonly number[];
  /** Of the batch, before the step with each rate. */
  readonly losses: readonly number[];
  /** Their moving average: up to the lowest in both directions, so that it does not lag behind, after it in one. */
  readonly smoothed: readonly number[];
  /** Where the smoothed loss falls fastest against the logarithm of the rate; undefined where it never falls. */
  readonly steepest?: number;
  /** Where the smoothed loss is lowest. */
  readonly lowest: number;
  /** A rate to begin with; undefined where the loss never falls. */
  readonly suggestion?: number;
  /** Why that one, in a sentence. */
  readonly reason: string;
}

/** A loss so many times the lowest one has exploded, as in fastai. */
const explosion = 4;

/**
 * The range test (Smith 2017: "Cyclical learning rates for training neural networks"): some steps with a rate that grows
 * exponentially, until the loss explodes. The suggestion is the lower one of two rules of thumb: the rate at which the
 * loss falls fastest, and a tenth of the rate at which it is lowest. The run is afterwards as it was, bit for bit:
 * weights, optimizer, averages, order of the examples, and nothing is recorded.
 * @throws UserError for a run in training, or rates, steps or a smoothing that make no test
 *
 * @example
 * const found = await learningRateFinder(run);
 * await show(learningRateCurve(found));
 */
export async function learningRateFinder(
  run: TrainingRun,
  { minimum = 1e-6, maximum = 1, steps = 100, smoothing = 0.8, signal }: LearningRateFinderOptions = {},
): Promise<LearningRateRange> {
  if (!(minimum > 0 && maximum > minimum && Number.isFinite(maximum))) {
    throw new UserError(`Expected a minimum above 0 and a maximum above it, found ${minimum} and ${maximum}`);
  }
  if (!Number.isInteger(steps) || steps < 5) {
    throw new UserError(`Expected an integer from 5 as the number of steps, found ${steps}`);
  }
  checkSmoothing(smoothing);
  const rates: number[] = [];
  const losses: number[] = [];
  await run.tryOut(async step => {
    for (const i of range(steps)) {
      if (signal?.aborted) break;
      throwIfInterrupted();
      const rate = minimum * (maximum / minimum) ** (i / (steps - 1));
      const { loss } = await step(rate);
      if (!Number.isFinite(loss)) break;
      rates.push(rate);
      losses.push(loss);
      const averages = movingAverage(losses, smoothing);
      if (averages[i] > explosion * Math.min(...averages)) break;
    }
  });
  if (rates.length < 5) {
    throw new UserError(
      `Expected a finite loss for some rates, found ${rates.length} from ${minimum} on: begin with a lower minimum`,
    );
  }
  return readable(judge(rates, losses, smoothUntilLowest(losses, smoothing)), {
    text: ({ suggestion, reason }) =>
      `LearningRateRange: ${suggestion === undefined ? 'no suggestion' : twoDigits(suggestion)}, ${reason}`,
  });
}

/** A pure function of what was measured: at least five rates. */
export function judge(
  rates: readonly number[],
  losses: readonly number[],
  smoothed: readonly number[],
): LearningRateRange {
  const bottom = smoothed.indexOf(Math.min(...smoothed));
  const lowest = rates[bottom];
  const slopes = range(bottom + 1).map(i => slopeAt(smoothed, i, bottom));
  const steep = slopes.indexOf(Math.min(...slopes));
  const found = { rates, losses, smoothed, lowest };
  if (!(slopes[steep] < 0)) {
    const reason =
      'for the loss never falls: look at the data and the network, or train it for longer with low rates';
    return { ...found, reason };
  }
  const steepest = rates[steep];
  const suggestion = Math.min(steepest, lowest / 10);
  if (suggestion < rates[0]) {
    const reason =
      `for the loss, smoothed, is lowest at ${twoDigits(lowest)}, among the first rates, as by chance: try fewer or more ` +
      'steps, or train the network for a while first';
    return { ...found, steepest, reason };
  }
  const fall = `${showValue(smoothed[0])} to ${showValue(smoothed[bottom])}`;
  const reason =
    suggestion === steepest
      ? `where the loss, smoothed, falls fastest, from ${fall} in all; a tenth of the rate with the lowest loss is ` +
        `${twoDigits(lowest / 10)}, which is higher`
      : `a tenth of the rate with the lowest loss, smoothed (${fall}); where it falls fastest, ${twoDigits(steepest)}, ` +
        'is higher';
  return { ...found, steepest, suggestion, reason };
}

const twoDigits = (rate: number) => String(Number(rate.toPrecision(2)));

/**
 * An average in one direction lags behind; one in both would let the losses that explode at the end pull up what is
 * before them, where the answer lies. So the second direction starts where the first average is lowest.
 */
export function smoothUntilLowest(losses: readonly number[], weight: number): number[] {
  const lagging = movingAverage(losses, weight);
  const bottom = lagging.indexOf(Math.min(...lagging)) + 1;
  return [...movingAverage(lagging.slice(0, bottom).reverse(), weight).reverse(), ...lagging.slice(bottom)];
}

/** Exponential, without the pull of a beginning at zero: each as the mean of what is before it, weighted. */
function movingAverage(values: readonly number[], weight: number): number[] {
  const points = values.map((y, x) => ({ x, y }));
  return smooth(points, weight).map(({ y }) => y);
}

/** By least squares over up to two neighbours on each side, none behind the bottom. */
function slopeAt(values: readonly number[], i: number, bottom: number): number {
  const [first, last] = [Math.max(0, i - 2), Math.min(bottom, i + 2)];
  const places = range(last - first + 1).map(k => first + k);
  const middle = (first + last) / 2;
  const spread = places.reduce((sum, place) => sum + (place - middle) ** 2, 0);
  return spread === 0 ? 0 : places.reduce((sum, place) => sum + (place - middle) * values[place], 0) / spread;
}
