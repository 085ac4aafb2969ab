/** What may stand in `sweep.json`. */
import { z } from 'zod';
import {
  count,
  dataDigestSchema,
  dateTime,
  folderName,
  fraction,
  runName,
  seconds,
  settingName,
  settingsSchema,
  settingValue,
} from '../runs/schemas';

export const dimensionSchema = z.union([
  z
    .strictObject({ kind: z.enum(['logUniform', 'uniform', 'integer']), min: z.number(), max: z.number() })
    .refine(({ min, max }) => min < max, 'a range that ends before it begins'),
  z.strictObject({ kind: z.literal('choice'), values: z.array(settingValue).min(1) }),
]);

const trial = z.strictObject({
  number: z.int().min(1),
  settings: settingsSchema,
  pinned: z.boolean().optional(),
  state: z.enum(['waiting', 'running', 'interrupted', 'finished', 'stopped early', 'broke off']),
  reason: z.string().optional(),
  run: folderName.optional(),
  bestTestError: fraction.optional(),
  lastTestError: fraction.optional(),
  step: count,
  totalSteps: count.optional(),
  seconds,
});

export const sweepSchema = z
  .strictObject({
    format: z.literal(1),
    name: runName,
    started: dateTime,
    space: z.record(settingName, dimensionSchema),
    narrowed: z.record(settingName, dimensionSchema).optional(),
    settings: settingsSchema,
    method: z.enum(['random', 'grid', 'tpe']),
    seed: count,
    earlyStopping: z.enum(['median', 'halving', 'hyperband', 'none']),
    graceTests: z.int().min(1),
    brackets: z.int().min(1).max(20).optional(),
    processes: z.int().min(1),
    dataDigest: z.union([z.string(), dataDigestSchema]),
    trials: z.array(trial).min(1),
  })
  .refine(({ trials }) => trials.every(({ number }, i) => number === i + 1), 'trials that are not in order');
