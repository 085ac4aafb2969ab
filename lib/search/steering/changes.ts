/** What can be changed in a search while it goes on: where it looks, and what it tries next. */
import { didYouMean } from '../../base/did_you_mean';
import { UserError } from '../../base/errors';
import { showSettings, showValue } from '../../base/format';
import { isProposed } from '../propose/propose';
import {
  checkSpace,
  choiceIndex,
  dimensionsOf,
  type Choice,
  type NumberRange,
  type Sample,
  type Space,
} from '../space';
import type { SweepInfo, SweepTrial } from '../sweep_file';
import type { SweepRequest } from './requests';

type AnyDimension = Choice | NumberRange;

/** Is it one of the setting's values? */
export function isInside(dimension: AnyDimension, value: unknown): boolean {
  if (dimension.kind === 'choice') return choiceIndex(dimension, value) >= 0;
  const { kind, min, max } = dimension;
  if (typeof value !== 'number' || !(value >= min && value <= max)) return false;
  return kind !== 'integer' || Number.isInteger(value);
}

/**
 * From now on the search looks in a part of its space. Trials outside it that have not begun get new settings when they
 * begin; in a grid they are dropped. Those that have begun, and pinned ones, stay as they are.
 * @param info is changed
 * @param part a narrower range, or fewer choices, for some of the space's settings; a range may become a choice of some
 * of its values
 * @throws UserError for another setting, or values that the search's space does not have
 */
export function narrow(info: SweepInfo, part: Space): void {
  const whole = new Map(dimensionsOf(info.space));
  checkSpace(part, info.settings);
  for (const [name, dimension] of dimensionsOf(part)) {
    const own = dimensionNamed(whole, name);
    const sameScale = dimension.kind === 'choice' || dimension.kind === own.kind;
    if (sameScale && valuesIn(dimension).every(value => isInside(own, value))) continue;
    throw new UserError(
      `Expected a part of what ${name} may be, ${describe(own)}, found ${describe(dimension)}: a search can be ` +
        'narrowed, not widened; begin another with sweep',
    );
  }
  const narrowed: Space = { ...info.space, ...info.narrowed, ...part };
  info.narrowed = narrowed;
  const keep = (trial: SweepTrial): SweepTrial[] => {
    if (hasBegun(trial) || trial.pinned || isWithin(narrowed, trial.settings)) return [trial];
    return info.method === 'grid' ? [] : [{ ...trial, settings: {} }];
  };
  info.trials = numbered(info.trials.flatMap(keep));
}

/**
 * One more trial, which begins before all others that did not.
 * @param info is changed
 * @param settings of the space, some or all; the search's method chooses the others
 * @returns the trial's number
 * @throws UserError for a setting that the space does not have or a value outside it
 */
export function pin(info: SweepInfo, settings: Sample): number {
  const dimensions = new Map(dimensionsOf(info.space));
  const values = Object.entries(settings);
  if (values.length === 0) throw new UserError('Expected at least one setting of a pinned trial, found {}');
  for (const [name, value] of values) {
    const dimension = dimensionNamed(dimensions, name);
    if (isInside(dimension, value)) continue;
    throw new UserError(
      `Expected a value of ${name} that is searched, ${describe(dimension)}, found ${showValue(value)}`,
    );
  }
  const at = info.trials.findIndex(trial => !hasBegun(trial) && !trial.pinned);
  const place = at < 0 ? info.trials.length : at;
  const trial: SweepTrial = {
    ...{ number: place + 1, settings, pinned: true, state: 'waiting', step: 0, seconds: 0 },
  };
  info.trials = numbered([...info.trials.slice(0, place), trial, ...info.trials.slice(place)]);
  return trial.number;
}

function hasBegun({ state, run }: SweepTrial): boolean {
  return state !== 'waiting' || run !== undefined;
}

function isWithin(space: Space, settings: Sample): boolean {
  if (!isProposed({ space }, { settings })) return true;
  return dimensionsOf(space).every(([name, dimension]) => isInside(dimension, settings[name]));
}

/** Those that have begun keep their numbers, for they come first. */
function numbered(trials: readonly SweepTrial[]): SweepTrial[] {
  return trials.map((trial, i) => (trial.number === i + 1 ? trial : { ...trial, number: i + 1 }));
}

/** The ends of a range, or all choices. */
function valuesIn(dimension: AnyDimension): readonly unknown[] {
  return dimension.kind === 'choice' ? dimension.values : [dimension.min, dimension.max];
}

function dimensionNamed(dimensions: ReadonlyMap<string, AnyDimension>, name: string): AnyDimension {
  const found = dimensions.get(name);
  if (found) return found;
  const names = [...dimensions.keys()];
  throw new UserError(
    `Expected a setting that is searched, ${names.join(', ')}, found ${name}${didYouMean(name, names)}`,
  );
}

/**
 * Do what was asked.
 * @param info is changed
 * @param unwanted takes the trial that is to be stopped
 * @returns what was done, or why it could not be, in one line
 */
export function obey(request: SweepRequest, info: SweepInfo, unwanted: Set<number>): string {
  try {
    switch (request.ask) {
      case 'narrow':
        narrow(info, request.space);
        return `from now on it looks in ${showSpace(request.space)}`;
      case 'pin':
        return `trial ${pin(info, request.settings)} will be ${showSettings(request.settings)}`;
      case 'stop':
        unwanted.add(request.trial);
        return `trial ${request.trial} will be stopped at its next test`;
    }
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

function showSpace(space: Space): string {
  return dimensionsOf(space)
    .map(([name, dimension]) => `${name} ${describe(dimension)}`)
    .join(', ');
}

/** `0.001 to 0.01 (logUniform)`, `gru or lstm` */
function describe(dimension: AnyDimension): string {
  if (dimension.kind === 'choice') return dimension.values.map(showValue).join(' or ');
  return `${showValue(dimension.min)} to ${showValue(dimension.max)} (${dimension.kind})`;
}
