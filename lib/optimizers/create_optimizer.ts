import type { z } from 'zod';
import { make, type unionOf } from '../settings/kinds';
import type { UpdateRule } from './optimizer_kind';
import * as optimizers from './optimizers';

type Settings = z.input<ReturnType<typeof unionOf<typeof optimizers>>>;

/** The optimizer that the settings name; what they leave out gets its default. */
export function createOptimizer(settings: Readonly<Settings>): UpdateRule {
  return make<UpdateRule, []>(optimizers, settings);
}
