/** Every hyperparameter as an option of the command line, made from the definitions in lib/model/hyperparameters.ts. */
import { Option, type Command } from 'commander';
import { hyperparameterSettings, type HyperparametersInput } from '../lib/model/hyperparameters';
import { shellWord } from '../lib/base/quote';
import { shownAddress } from '../lib/search/queue/connect';
import { allowedValues, optionName, type Setting } from '../lib/settings/settings';
import { describeOption } from './options';

/** `sgd: how much …; a number from 0 to below 1 [0]` for a setting that only some kinds of its choice have. */
function describe(setting: Setting): string {
  const { only, unit, description } = setting;
  const kinds = only ? `${only.join(', ')}: ` : '';
  return `${kinds}${describeOption(description, { allowed: allowedValues(setting), unit, start: setting.default })}`;
}

/** The heading in the help under which a setting stands: those of the kinds of one choice have one of their own. */
function headingOf({ path: [group, key] }: Setting): string {
  return key === undefined ? 'Network and training:' : `For some kinds of ${optionName(group)}:`;
}

const placeholders: Record<Setting['type'], string> = {
  number: '<number>',
  integer: '<number>',
  boolean: '[boolean]',
  choice: '<kind>',
  name: '<name>',
  list: '<numbers>',
};

/** Kinds may share the name of a setting: it is one option, which the help explains for each of them. */
export function addHyperparameterOptions(command: Command): Command {
  for (const name of new Set(hyperparameterSettings.map(setting => setting.name))) {
    const settings = hyperparameterSettings.filter(setting => setting.name === name);
    command.addOption(
      new Option(`${optionName(name)} ${placeholders[settings[0].type]}`, settings.map(describe).join('\n'))
        .helpGroup(headingOf(settings[0]))
        .argParser(parseValue),
    );
  }
  return command;
}

/** `0,14` is a list; a single number comes as one. */
const toList = (value: unknown) => String(value).split(',').map(parseValue);

/** A line to be copied into a shell: `npm run train -- --data data/mnist`. Options that are undefined are left out. */
export function commandLine(script: string, options: Record<string, string | number | undefined>): string {
  const words = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [optionName(name), shellWord(String(value))],
  );
  return ['npm', 'run', script, '--', ...words].join(' ');
}

/** The line that this program was started with, for who stopped it. */
export function sameCommandLine(script: string): string {
  const words = process.argv.slice(2).map(word => shellWord(shownAddress(word))); // a queue's may hold a password
  return ['npm', 'run', script, ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
}

/** What is neither number nor boolean stays text, so that a complaint about it can quote it. */
export function parseValue(text: string): number | boolean | string {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The options given, in the nested form of the hyperparameters; nothing is checked here. */
export function toHyperparameters(options: Record<string, unknown>): HyperparametersInput {
  const input: Record<string, unknown> = {};
  for (const { name, path, type } of hyperparameterSettings) {
    if (options[name] === undefined) continue;
    const value = type === 'list' ? toList(options[name]) : options[name];
    const [group, key] = path;
    const before = input[group] as object | undefined;
    if (type === 'choice') input[group] = { ...before, kind: value };
    else if (key === undefined) input[group] = value;
    else input[group] = { kind: defaultKind(group), ...before, [key]: value };
  }
  return input;
}

function defaultKind(group: string): unknown {
  return hyperparameterSettings.find(setting => setting.name === group)?.default;
}
