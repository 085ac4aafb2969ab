/** Options and arguments of the commands: each says what it is for, what is allowed and what is taken without it. */
import { statSync } from 'node:fs';
import { Argument, Option } from 'commander';
import { didYouMean } from '../lib/base/did_you_mean';
import { UserError } from '../lib/base/errors';
import { projectPath } from '../lib/base/project';
import type { Setting } from '../lib/settings/settings';

interface NumberRange {
  readonly minimum: number;
  readonly maximum: number;
  readonly integer?: boolean;
  readonly unit?: string;
  readonly default?: number;
}

/** `the images; an integer from 1 to 9 images [5]` */
export function describeOption(
  description: string,
  { allowed = '', unit = '', start }: { allowed?: string; unit?: string; start?: Setting['default'] },
): string {
  const values = [allowed, unit].filter(text => text !== '').join(' ');
  return `${description}${values && `; ${values}`}${start === undefined ? '' : ` [${String(start)}]`}`;
}

/** `--seeds <count>`: a number in a range. Without `integer: false` an integer. */
export function numberOption(
  flags: string,
  description: string,
  { minimum, maximum, integer = true, unit, default: start }: NumberRange,
): Option {
  const allowed = `${integer ? 'an integer' : 'a number'} from ${minimum} to ${maximum}`;
  return option(flags, describeOption(description, { allowed, unit, start }), start, (text, name) => {
    const value = Number(text);
    const possible = text.trim() !== '' && (integer ? Number.isInteger(value) : Number.isFinite(value));
    if (possible && value >= minimum && value <= maximum) return value;
    throw new UserError(`Expected ${name} to be ${allowed}, found ${quoted(text)}`);
  });
}

/** `--runs <folder>`, `--name <name>`: any text but none. */
export function textOption(flags: string, description: string, start?: string): Option {
  return option(flags, describeOption(description, { start }), start, (text, name) =>
    notEmpty(text, name, flags),
  );
}

/** `--out <file>`: where something will be written, perhaps after hours. */
export function fileOption(flags: string, description: string, start: string): Option {
  return option(flags, describeOption(description, { start }), start, (text, name) => {
    notEmpty(text, name, flags);
    if (!statSync(projectPath(text), { throwIfNoEntry: false })?.isDirectory()) return text;
    throw new UserError(`Expected ${name} to be a file, found the folder ${text}: give the file a name`);
  });
}

/** `--queue <address>`: where trials are put that other machines train. */
export function queueOption(start?: string): Option {
  return textOption(
    '--queue <address>',
    'Redis, by which the machines share work: redis://host:6379, or rediss://user:password@host:6379 with TLS',
    start,
  );
}

/** `--train-size`, `--test-size` and `--validation-size`: how many of the data. */
export function dataSizeOptions(testSize = 'use only so many test examples'): Option[] {
  const range = { minimum: 1, maximum: 1e6, unit: 'examples' };
  return [
    numberOption('--train-size <count>', 'use only so many training examples', range),
    numberOption('--test-size <count>', testSize, range),
    numberOption('--validation-size <count>', 'set so many training examples aside', {
      ...{ ...range, minimum: 0, default: 5000 },
    }),
  ];
}

/** `--sort <order>`: one of some names. */
export function choiceOption(
  flags: string,
  description: string,
  choices: readonly string[],
  start?: string,
): Option {
  const allowed = list(choices);
  return option(flags, describeOption(description, { allowed, start }), start, (text, name) =>
    oneOf(name, choices, text),
  );
}

/** `--tasks <names>`: some of these names, cut apart by `split`. */
export function choicesOption(
  flags: string,
  description: string,
  choices: readonly string[],
  split: (text: string) => string[],
): Option {
  const allowed = `of ${list(choices)}`;
  return option(flags, describeOption(description, { allowed }), undefined, (text, name) =>
    split(text).map(word => oneOf(name, choices, word)),
  );
}

/** `--step <step>`: which of a run's checkpoints. */
export function stepOption(): Option {
  const allowed = 'an integer from 1 to 999999999 or best';
  const description = `after which training step, or best for the lowest test error; ${allowed} [the newest]`;
  return option('--step <step>', description, undefined, (text, name) => {
    if (text === 'best') return text;
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw new UserError(`Expected ${name} to be ${allowed}, found ${quoted(text)}`);
  });
}

/** `--weights <which>`: of a run that averages its weights. */
export function weightsOption(): Option {
  const description = 'as trained, or their moving average, of a run with --average-decay';
  return choiceOption('--weights <which>', description, ['raw', 'average'], 'raw');
}

/** `[experiment]`: one of some names. */
export function choiceArgument(
  flags: string,
  description: string,
  choices: readonly string[],
  start?: string,
): Argument {
  const text = describeOption(description, { allowed: list(choices), start });
  const argument = new Argument(flags, text);
  argument.argParser(word => oneOf(argument.name(), choices, word));
  return start === undefined ? argument : argument.default(start);
}

function option<Value>(
  flags: string,
  description: string,
  start: Value | undefined,
  parse: (text: string, name: string) => Value,
): Option {
  const made = new Option(flags, description).default(start);
  return made.argParser(text => parse(text, `--${made.name()}`));
}

function notEmpty(text: string, name: string, flags: string): string {
  if (text.trim() !== '') return text;
  throw new UserError(`Expected a value after ${name}, found an empty one: ${flags}`);
}

function oneOf(name: string, choices: readonly string[], word: string): string {
  if (choices.includes(word)) return word;
  const expected = `Expected ${name} to be one of ${list(choices)}`;
  throw new UserError(`${expected}, found ${quoted(word)}${didYouMean(word, choices)}`);
}

/** A name may hold a comma: `LSTM, peepholes`. */
const list = (names: readonly string[]) => names.join(names.some(name => name.includes(',')) ? '; ' : ', ');

const quoted = (text: string) => (/^\S+$/.test(text) ? text : JSON.stringify(text));
