/** A schema of settings as a flat list: for `--help`, for error messages, for sliders. */
import { isDeepStrictEqual } from 'node:util';

export interface Setting {
  /** The last part of the path: `forgetBias`. */
  name: string;
  /** Where it stands in the settings: `['cell', 'forgetBias']`. */
  path: readonly string[];
  description: string;
  unit?: string;
  scale?: 'log';
  /** May be changed while training goes on. */
  live?: boolean;
  /** A choice has settings of its own for each kind; a name is one of `choices` and no more; a list holds integers. */
  type: 'number' | 'integer' | 'boolean' | 'choice' | 'name' | 'list';
  /** The lowest value allowed (in a list, of an item), or with `exclusiveMinimum` the value that it must lie above. */
  minimum?: number;
  exclusiveMinimum?: boolean;
  maximum?: number;
  exclusiveMaximum?: boolean;
  /** The kinds of a choice, or the names allowed. */
  choices?: readonly string[];
  /** How many items a list may have. */
  maxItems?: number;
  /** The kinds of its choice that have this setting; undefined for all. */
  only?: readonly string[];
  default?: number | boolean | string | readonly number[];
}

/**
 * The part of JSON Schema that zod writes for settings: numbers, booleans, names, lists of integers, and unions told
 * apart by `kind`.
 */
interface JsonSchema {
  type?: string;
  const?: unknown;
  enum?: string[];
  items?: JsonSchema;
  maxItems?: number;
  description?: string;
  unit?: string;
  scale?: 'log';
  live?: boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  default?: unknown;
  properties?: Record<string, JsonSchema>;
  oneOf?: JsonSchema[];
}

/** @param schema JSON Schema of an object whose properties are settings, or choices that have settings themselves */
export function listSettings(schema: object): Setting[] {
  return Object.entries((schema as JsonSchema).properties ?? {}).flatMap(([name, property]) =>
    property.oneOf ? listChoice(name, property, property.oneOf) : [toSetting([name], property)],
  );
}

function listChoice(name: string, property: JsonSchema, kinds: JsonSchema[]): Setting[] {
  const kindOf = (kind: JsonSchema) => String(kind.properties?.kind.const);
  const start = (property.default as { kind?: string } | undefined)?.kind;
  const choice: Setting = {
    name,
    path: [name],
    description: property.description ?? '',
    type: 'choice',
    choices: kinds.map(kindOf),
    default: start,
  };
  const own: Setting[] = [];
  for (const kind of kinds) {
    for (const [key, value] of Object.entries(kind.properties ?? {})) {
      if (key === 'kind') continue;
      const setting = toSetting([name, key], value);
      const shared = own.find(each =>
        isDeepStrictEqual({ ...each, only: undefined }, { ...setting, only: undefined }),
      );
      if (shared) shared.only = [...(shared.only ?? []), kindOf(kind)];
      else own.push({ ...setting, only: [kindOf(kind)] });
    }
  }
  return [choice, ...own];
}

function toSetting(path: string[], schema: JsonSchema): Setting {
  const range = schema.items ?? schema;
  return {
    name: path[path.length - 1],
    path,
    description: schema.description ?? '',
    unit: schema.unit,
    scale: schema.scale,
    live: schema.live,
    type: typeOf(schema),
    minimum: range.exclusiveMinimum ?? range.minimum,
    exclusiveMinimum: range.exclusiveMinimum !== undefined,
    maximum: range.exclusiveMaximum ?? range.maximum,
    exclusiveMaximum: range.exclusiveMaximum !== undefined,
    choices: schema.enum,
    maxItems: schema.maxItems,
    default: schema.default as Setting['default'],
  };
}

function typeOf({ type, enum: names }: JsonSchema): Setting['type'] {
  if (names) return 'name';
  return type === 'array' ? 'list' : (type as 'number' | 'integer' | 'boolean');
}

/** The option of the command line for a setting: `--num-hidden` for `numHidden`. */
export function optionName(name: string): string {
  return `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}

/** In words: `an integer from 1 to 16`, `a number from 0 to below 1`, `gru or lstm`. */
export function allowedValues(setting: Setting): string {
  if (setting.choices) return setting.choices.join(', ');
  if (setting.type === 'boolean') return 'true or false';
  const kinds = { integer: 'an integer', list: `up to ${setting.maxItems} integers`, number: 'a number' };
  const kind = kinds[setting.type as keyof typeof kinds];
  const from = setting.exclusiveMinimum ? 'above' : 'from';
  const to = setting.exclusiveMaximum ? 'to below' : 'to';
  return `${kind} ${from} ${setting.minimum} ${to} ${setting.maximum}`;
}

/** Everything about a setting, a line for each matter. */
export function describeSetting(setting: Setting): string {
  const unit = setting.unit ? ` ${setting.unit}` : '';
  return [
    setting.description,
    `Allowed: ${allowedValues(setting)}${unit}`,
    `Default: ${Array.isArray(setting.default) ? JSON.stringify(setting.default) : `${String(setting.default)}${unit}`}`,
    setting.only ? `Only for ${setting.path[0]}: ${setting.only.join(', ')}` : '',
    setting.live ? 'Can be changed during training' : '',
  ]
    .filter(line => line !== '')
    .join('\n');
}
