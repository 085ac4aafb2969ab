/** What a sweep tries, as the options of the command line say it: `0.1`, `0.1,0.2` or `1e-4..1e-2`. */
import { UserError } from '../lib/base/errors';
import { hyperparameterSettings, type HyperparametersInput } from '../lib/model/hyperparameters';
import {
  choice,
  integer,
  logUniform,
  uniform,
  type Dimension,
  type NumberRange,
  type Space,
} from '../lib/search/space';
import { optionName, type Setting } from '../lib/settings/settings';
import { parseValue, toHyperparameters } from './command_line';

/**
 * @param given options of the command line, by name
 * @throws UserError for several values of a setting that only some kinds of another one have
 */
export function toSpace(given: Record<string, unknown>): { space: Space; settings: HyperparametersInput } {
  const space: Record<string, unknown> = {};
  const fixed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const setting = hyperparameterSettings.find(each => each.name === name);
    const dimension = setting && dimensionOf(setting, value);
    if (dimension) space[name] = dimension;
    else fixed[name] = value;
  }
  const settings = toHyperparameters(fixed);
  const both = Object.keys(settings).find(name => name in space);
  if (both === undefined) return { space, settings };
  throw new UserError(
    `Expected one value of ${optionName(both)} beside settings of its kinds, found several: leave those settings out`,
  );
}

/** Undefined for a single value. */
function dimensionOf(setting: Setting, value: unknown): Dimension<unknown> | NumberRange | undefined {
  if (typeof value !== 'string' || setting.type === 'list') return undefined;
  const ends = value.split('..');
  const values = value.split(',');
  if (ends.length !== 2 && values.length < 2) return undefined;
  if (setting.path.length > 1) {
    const found = `${optionName(setting.name)} ${value}`;
    throw new UserError(
      `Expected one value of a setting that only some kinds have, found ${found}: give one`,
    );
  }
  if (ends.length === 2) return rangeOf(setting, value, ends.map(Number));
  const parsed = values.map(parseValue);
  return choice<unknown>(setting.type === 'choice' ? parsed.map(kind => ({ kind })) : parsed);
}

function rangeOf({ name, type, scale }: Setting, value: string, [min, max]: number[]): NumberRange {
  const isNumber = type === 'number' || type === 'integer';
  if (!isNumber || Number.isNaN(min) || Number.isNaN(max)) {
    throw new UserError(
      `Expected ${isNumber ? 'two numbers' : 'values with commas between them'} as ${optionName(name)}, found ${value}`,
    );
  }
  if (type === 'integer') return integer(min, max);
  return scale === 'log' && min > 0 ? logUniform(min, max) : uniform(min, max);
}
