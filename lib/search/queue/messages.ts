/**
 * What coordinator and workers say to each other through Redis. Others may write there too: each message is `unknown`
 * until its schema has parsed it.
 */
import { z } from 'zod';
import { UserError } from '../../base/errors';
import {
  count,
  dataDigestSchema,
  dateTime,
  folderName,
  plainText,
  groupName,
  runName,
  settingsSchema,
} from '../../runs/schemas';
import { requestSchema } from '../../runs/steering';
import { trialOutcome } from '../worker_messages';

/** BullMQ's queue, and the beginning of all keys. */
export const queueName = 'trials';
export const keyPrefix = 'scanline';

/** Of a sweep, or of one run outside of any; part of keys. */
export const trialId = z.string().regex(/^[\w.-]{1,300}$/, "not a trial's id");

/** In the project of whoever reads it: no other file of that machine can be named. */
const dataPath = plainText.regex(/^(?!.*(^|\/)\.\.(\/|$))[^/\\:][^\\:]{0,255}$/, 'not a path in the project');

const setRecipe = z
  .strictObject({
    path: dataPath,
    options: z.strictObject({
      oneHot: z.boolean().optional(),
      classNames: z.array(z.string()).max(256).optional(),
      rows: z.int().min(1).optional(),
      maxPixel: z.number().positive().optional(),
      testFraction: z.number().min(0).max(1).optional(),
    }),
    part: z.enum(['training', 'test']),
    start: count,
    end: count,
  })
  .refine(({ start, end }) => start < end, 'a data set without examples');

/** How a worker reads the data. */
export const dataRecipe = z.strictObject({ train: setRecipe, test: setRecipe, digest: dataDigestSchema });
export type DataRecipe = z.output<typeof dataRecipe>;

/** One trial, as BullMQ hands it out. */
export const jobSchema = z.strictObject({
  format: z.literal(1),
  id: trialId,
  /** Whether anybody decides about early stopping: see `CoordinatorSign`. */
  sweep: trialId,
  number: z.int().min(1),
  name: runName,
  group: groupName.optional(),
  hyperparameters: settingsSchema,
  data: dataRecipe,
  /** No test decides whether it goes on. */
  certain: z.boolean(),
});
export type Job = z.output<typeof jobSchema>;

/** The files of a run's folder that travel whole. */
export const smallFiles = [
  'run.json',
  'hyperparameters.json',
  'predictions.json',
  'test_predictions.json',
  'live.json',
] as const;
export type SmallFile = (typeof smallFiles)[number];

export const checkpointName = folderName.regex(/^step-\d{6,12}\.safetensors$/, 'not a checkpoint');

/** What a worker tells, in the order in which the parts are to be carried out. */
export const entrySchema = z.strictObject({
  /** An attempt begins: what an earlier one recorded after that line is recorded again. */
  begin: z.strictObject({ line: count, host: plainText, time: dateTime }).optional(),
  /** Whole lines of metrics.jsonl. */
  lines: z.string().optional(),
  totalSteps: count.optional(),
  /** The number of a test, 1 for the first, after which the trial waits to hear whether it goes on: see `certain`. */
  tested: count.optional(),
  /** Files that have changed. */
  files: z.array(z.enum(smallFiles)).optional(),
  /** All checkpoints that there are now. */
  checkpoints: z.array(checkpointName).optional(),
  outcome: trialOutcome.optional(),
});
export type Entry = z.output<typeof entrySchema>;

/** What a worker is told. */
export const commandSchema = z.union([
  z.strictObject({ kind: z.literal('answer'), test: count, goOn: z.boolean() }),
  z.strictObject({ kind: z.literal('interrupt') }),
  z.strictObject({ kind: z.literal('request'), request: requestSchema }),
]);
export type Command = z.output<typeof commandSchema>;

/** @throws UserError if it is none */
export function parseMessage<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`Expected ${what} in Redis, found something that is not JSON: ${elseWhere}`);
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [{ path, message }] = error.issues;
  const place = path.map(String).join('.');
  throw new UserError(
    `Expected ${what} in Redis, found ${place ? `${place}: ` : ''}${message}: ${elseWhere}`,
  );
}

const elseWhere =
  'another version of Scanline, or another program, writes there; use one version, and a database of its own (redis://host:6379/1)';
