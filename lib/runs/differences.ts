/** In which settings runs differ: what a list or a chart of several runs names beside them. */
import { defaultHyperparameters, hyperparameterSettings, networkSettings } from '../model/hyperparameters';
import { textOf } from '../base/text';
import type { StoredRun } from './read_run';

/** What is needed of a run to name it and its settings. */
export type DescribedRun = Pick<StoredRun, 'id' | 'hyperparameters' | 'changes'> & {
  readonly info: Pick<StoredRun['info'], 'name' | 'parent'>;
};

/** A setting that is not the same in all runs. */
export interface SettingDifference {
  /** The path of the setting: `learningRate`, `cell.kind`. */
  readonly name: string;
  /** Its value in each run, in the order of the runs: `0.001`, `0.001 → 0.0003` where it was changed, `–` where absent. */
  readonly values: readonly string[];
}

/** Stands for a setting that a run does not have. */
export const absent = '–';

/** Beyond so many values of one setting only the first and the last are told: a decay changes it in each epoch. */
const mostValues = 3;

/**
 * The settings that are not the same in all runs, changes during a training included. A run from before there was a
 * setting did what the setting's default does. What follows from the kinds that were chosen, such as Adam's beta1 beside
 * a run with RMSProp, is left out.
 * @param runs one run has no differences
 */
export function differingSettings(runs: readonly DescribedRun[]): SettingDifference[] {
  const settings = runs.map(settingsOf);
  // A run whose settings are lost does not make all settings differ.
  const known = settings.filter(values => values.size > 0);
  const names = [...new Set(settings.flatMap(values => [...values.keys()]))];
  return names
    .filter(name => !followsFromKind(name, known))
    .filter(name => {
      const saying = known.filter(values => saysOf(name, values));
      return new Set(saying.map(values => values.get(name) ?? defaultOf(name, values))).size > 1;
    })
    .map(name => ({ name, values: settings.map(values => values.get(name) ?? absent) }));
}

/** Every run that has it has the default of its kind. */
function followsFromKind(name: string, runs: readonly ReadonlyMap<string, string>[]): boolean {
  if (!name.includes('.') || name.endsWith('.kind')) return false;
  return runs.every(values => !values.has(name) || values.get(name) === defaultOf(name, values));
}

/** Not of the network where its user made that, and said nothing of this setting; likewise of the optimizer. */
function saysOf(name: string, values: ReadonlyMap<string, string>): boolean {
  const [group] = name.split('.');
  if (values.has(name)) return true;
  if (group === 'optimizer') return values.has('optimizer.kind');
  return (
    values.has('cell.kind') || values.has('cell') || !(networkSettings as readonly string[]).includes(group)
  );
}

/**
 * Of a setting that a run lacks. A choice that the run has made, `cell`, has the defaults of its kind, and no settings
 * of another kind; one that it lacks whole has the default kind's.
 */
function defaultOf(name: string, values: ReadonlyMap<string, string>): string | undefined {
  const [group] = name.split('.');
  const kind = values.get(`${group}.kind`);
  if (kind === undefined) return defaults.get(name);
  const setting = hyperparameterSettings.find(
    ({ path, only }) => path.join('.') === name && only?.includes(kind),
  );
  return setting && asText(setting.default);
}

/** Each setting of a run by its path, as text. */
export function settingsOf({ hyperparameters, changes, info }: DescribedRun): Map<string, string> {
  const settings = new Map(flatten(hyperparameters, '').map(([name, value]) => [name, [value]]));
  // A fork's settings are those that it began with; the changes before that are its parent's.
  const own = changes.filter(({ step }) => step >= (info.parent?.step ?? 0));
  for (const { set } of own) {
    for (const [name, value] of flatten(set, '')) {
      const values = settings.get(name) ?? [];
      if (values[values.length - 1] !== value) settings.set(name, [...values, value]);
    }
  }
  return new Map([...settings].map(([name, values]) => [name, shortened(values).join(' → ')]));
}

/** One name for each run: the short one where no other run has it, else the folder's. */
export function runNames(runs: readonly DescribedRun[]): string[] {
  const short = runs.map(({ info, id }) => textOf(info.name ?? id));
  return runs.map(({ id }, i) => (short.filter(name => name === short[i]).length === 1 ? short[i] : id));
}

function shortened(values: readonly string[]): readonly string[] {
  return values.length <= mostValues ? values : [values[0], '…', values[values.length - 1]];
}

const defaults = new Map(flatten(defaultHyperparameters, ''));

/** A damaged file may hold anything. */
function flatten(value: unknown, path: string): [name: string, value: string][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => flatten(inner, path ? `${path}.${key}` : key));
  }
  if (path === '') return [];
  return [[path, asText(value)]];
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
