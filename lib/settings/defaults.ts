/** Defaults stand once, in the declaration of a setting; whoever takes options in code has them from there. */
import { z } from 'zod';

/** The defaults of settings that all have one. */
export const defaultsOf = <Shape extends z.core.$ZodLooseShape>(settings: Shape) =>
  z.object(settings).parse({});

/** What is given, and the default for what is not: undefined and null count as not given. */
export function withDefaults<T extends object>(defaults: T, given: Partial<T>): T {
  const set = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  return { ...defaults, ...Object.fromEntries(set) };
}
