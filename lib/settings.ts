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
  type: 'number' | 'integer' | 'boolean' | 'choice';
  /** The lowest value allowed, or with `exclusiveMinimum` the value that it must lie above. */
  minimum?: number;
  exclusiveMinimum?: boolean;
  maximum?: number;
  exclusiveMaximum?: boolean;
  /** The kinds of a choice. */
  choices?: readonly string[];
  /** The kinds of its choice that have this setting; undefined for all. */
  only?: readonly string[];
  default?: number | boolean | string;
}

/** The part of JSON Schema that zod writes for settings: numbers, booleans, and unions told apart by `kind`. */
interface JsonSchema {
  type?: string;
  const?: unknown;
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
  return {
    name: path[path.length - 1],
    path,
    description: schema.description ?? '',
    unit: schema.unit,
    scale: schema.scale,
    live: schema.live,
    type: schema.type as 'number' | 'integer' | 'boolean',
    minimum: schema.exclusiveMinimum ?? schema.minimum,
    exclusiveMinimum: schema.exclusiveMinimum !== undefined,
    maximum: schema.exclusiveMaximum ?? schema.maximum,
    exclusiveMaximum: schema.exclusiveMaximum !== undefined,
    default: schema.default as number | boolean,
  };
}

/** In words: `an integer from 1 to 16`, `a number from 0 to below 1`, `gru or lstm`. */
export function allowedValues(setting: Setting): string {
  if (setting.choices) return setting.choices.join(', ');
  if (setting.type === 'boolean') return 'true or false';
  const kind = setting.type === 'integer' ? 'an integer' : 'a number';
  const from = setting.exclusiveMinimum ? 'above' : 'from';
  const to = setting.exclusiveMaximum ? 'to below' : 'to';
  return `${kind} ${from} ${setting.minimum} ${to} ${setting.maximum}`;
}
