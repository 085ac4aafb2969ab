/** The types of settings: zod schemas that carry a default and what to say of it. */
import { z } from 'zod';

/** What a schema carries beside the range; shown by `--help` and used by whoever makes controls of the settings. */
export interface About {
  description: string;
  unit?: string;
  /** Step by factors rather than by differences. */
  scale?: 'log';
}

declare const isLive: unique symbol;

/** Marks a setting that may be changed during training; whoever applies settings is checked to apply each of these. */
export interface Live {
  readonly [isLive]: true;
}

/** The names of those that `live` marks. */
export type LiveNames<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends Live ? Name : never;
}[keyof Shape] &
  string;

/** A setting that may be changed during training. */
export const live = <Schema extends z.ZodType>(schema: Schema): Schema & Live =>
  schema.meta({ ...schema.meta(), live: true }) as Schema & Live;

export const real = (minimum: number, maximum: number, start: number, about: About) =>
  z
    .number()
    .min(minimum)
    .max(maximum)
    .default(start)
    .meta({ ...about });

export const integer = (minimum: number, maximum: number, start: number, about: About) =>
  z
    .int()
    .min(minimum)
    .max(maximum)
    .default(start)
    .meta({ ...about });

/** In [0, 1): a fraction that may be nothing but not everything. */
export const fraction = (start: number, about: About) =>
  z
    .number()
    .min(0)
    .lt(1)
    .default(start)
    .meta({ ...about });

/** On or off. */
export const flag = (start: boolean, about: About) =>
  z
    .boolean()
    .default(start)
    .meta({ ...about });

/** One of these names. */
export const oneOf = <Name extends string>(names: readonly [Name, ...Name[]], start: Name, about: About) =>
  z
    .enum(names)
    .default(start as never)
    .meta({ ...about });

/** A list of integers, each from `minimum` to `maximum`; empty by default. */
export const integers = (minimum: number, maximum: number, mostItems: number, about: About) =>
  z
    .array(z.int().min(minimum).max(maximum))
    .max(mostItems)
    .default([])
    .meta({ ...about });
