/** Which settings a search tries. A space is plain data: JSON can carry it. */
import { UserError } from '../base/errors';
import { parseHyperparameters, type HyperparametersInput } from '../model/hyperparameters';
import { createRandom, type Random } from '../base/random';

/** Numbers from min to max, both included. */
export interface NumberRange {
  readonly kind: 'logUniform' | 'uniform' | 'integer';
  readonly min: number;
  readonly max: number;
}

export interface Choice<Value = unknown> {
  readonly kind: 'choice';
  readonly values: readonly Value[];
}

export type Dimension<Value = unknown> = Choice<Value> | (number extends Value ? NumberRange : never);

/** Hyperparameter → the values that it may take. */
export type Space = { readonly [Name in keyof HyperparametersInput]?: Dimension<HyperparametersInput[Name]> };

/** Hyperparameter → the value that a trial has. */
export type Sample = Readonly<Record<string, unknown>>;

/** Integers of a grid: so few values are all tried, whatever the number of points. */
const fewIntegers = 5;

/**
 * Numbers whose logarithm is equally likely: for settings that act by factors, such as learningRate.
 * @throws UserError unless 0 < min < max
 */
export function logUniform(min: number, max: number): NumberRange {
  if (!(min > 0)) throw new UserError(`Expected a logarithmic range that begins above 0, found ${min}`);
  return range('logUniform', min, max);
}

/** Numbers that are all equally likely. @throws UserError unless min < max */
export function uniform(min: number, max: number): NumberRange {
  return range('uniform', min, max);
}

/** Integers that are all equally likely, max included. @throws UserError unless both are integers and min < max */
export function integer(min: number, max: number): NumberRange {
  const other = [min, max].find(value => !Number.isSafeInteger(value));
  if (other !== undefined) throw new UserError(`Expected integers as a range's ends, found ${other}`);
  return range('integer', min, max);
}

/**
 * One of some values, each equally likely; a value may be a whole setting: `choice([{ kind: 'gru' }, { kind: 'lstm' }])`.
 * @throws UserError if there are none
 */
export function choice<const Value>(values: readonly Value[]): Choice<Value> {
  if (values.length === 0) throw new UserError('Expected at least one value to choose, found none');
  return { kind: 'choice', values };
}

function range(kind: NumberRange['kind'], min: number, max: number): NumberRange {
  if (!Number.isFinite(min) || !Number.isFinite(max) || min >= max) {
    throw new UserError(`Expected a range from a lower to a higher number, found ${min} to ${max}`);
  }
  return { kind, min, max };
}

/** The dimensions with their names, in the order in which they were given. */
export function dimensionsOf(space: Space): [string, Dimension<unknown> | NumberRange][] {
  return Object.entries(space);
}

/** Which of the choices a value is; -1 for none. A value may have been read from a file. */
export function choiceIndex({ values }: Choice, value: unknown): number {
  const text = JSON.stringify(value);
  return values.findIndex(each => JSON.stringify(each) === text);
}

/**
 * Is each end of each range, and each choice, a possible setting?
 * @param settings what all trials share; where the space has the same setting, the space decides
 * @param limits as `parseHyperparameters` takes them
 * @throws UserError with the first complaint, or without any dimension
 */
export function checkSpace(
  space: Space,
  settings: HyperparametersInput = {},
  limits: { numExamples?: number } = {},
): void {
  parseHyperparameters(settings, limits);
  const dimensions = dimensionsOf(space);
  if (dimensions.length === 0) throw new UserError('Expected a space of at least one setting, found {}');
  for (const [name, dimension] of dimensions) {
    // A number between the ends too: a setting may take integers only.
    const tried =
      dimension.kind === 'choice'
        ? dimension.values
        : [0, Math.SQRT1_2, 1].map(share => between(dimension, share));
    const values = dimension.kind === 'integer' ? tried.map(value => Math.round(Number(value))) : tried;
    for (const value of values) parseHyperparameters({ ...settings, [name]: value }, limits);
  }
}

/**
 * One random point of the space. Each setting has a stream of its own, so that one more setting does not change the
 * values of the others.
 */
export function sampleSpace(space: Space, random: Random): Sample {
  const drawn = dimensionsOf(space).map(([name, dimension]) => [name, draw(dimension, random.fork(name))]);
  return Object.fromEntries(drawn) as Sample;
}

/**
 * Random search: as many points of the space as asked for.
 * @param seed the same seed gives the same points; more of them begin with the same ones
 */
export function randomPoints(space: Space, trials: number, seed: number): Sample[] {
  return Array.from({ length: trials }, (_, i) => sampleSpace(space, trialRandom(seed, i + 1)));
}

/** The random numbers of one trial. @param trial 1 for the first */
export function trialRandom(seed: number, trial: number): Random {
  return createRandom(seed).fork('search').fork(trial);
}

/**
 * Grid search: each value of each setting with each value of the others; the last setting changes first.
 * @param points values of a continuous range: its ends and, evenly between them, the others, by factors in a
 * logarithmic range. Of integers all are taken if there are no more than that, or no more than five. Default 3
 * @throws UserError unless points is an integer from 2 up
 */
export function gridOf(space: Space, points = 3): Sample[] {
  if (!Number.isInteger(points) || points < 2) {
    throw new UserError(`Expected an integer from 2 up as points of a range, found ${points}`);
  }
  return dimensionsOf(space).reduce<Sample[]>(
    (samples, [name, dimension]) =>
      samples.flatMap(sample => valuesOf(dimension, points).map(value => ({ ...sample, [name]: value }))),
    [{}],
  );
}

function draw(dimension: Choice | NumberRange, random: Random): unknown {
  switch (dimension.kind) {
    case 'choice':
      return dimension.values[random.integer(dimension.values.length)];
    case 'integer':
      return dimension.min + random.integer(dimension.max - dimension.min + 1);
    case 'uniform':
    case 'logUniform':
      return between(dimension, random.uniform());
  }
}

function valuesOf(dimension: Choice | NumberRange, points: number): readonly unknown[] {
  if (dimension.kind === 'choice') return dimension.values;
  const { kind, min, max } = dimension;
  const count = kind === 'integer' && max - min < Math.max(points, fewIntegers) ? max - min + 1 : points;
  const values = Array.from({ length: count }, (_, i) => between(dimension, i / (count - 1)));
  return kind === 'integer' ? values.map(Math.round) : values;
}

/**
 * The value at a fraction of a range. Four digits are enough for any setting, and can be typed again; the ends stay
 * exact.
 */
export function between({ kind, min, max }: NumberRange, share: number): number {
  if (share === 0 || share === 1) return share === 0 ? min : max;
  const value = kind === 'logUniform' ? min * (max / min) ** share : min + share * (max - min);
  return Math.min(max, Math.max(min, kind === 'integer' ? value : Number(value.toPrecision(4))));
}
