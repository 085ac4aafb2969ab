/** What may stand in the files of a run's folder: each is `unknown` until its schema has parsed it. */
import { z } from 'zod';

/** Text that somebody reads: no control characters, and nothing that a browser would take for a tag. */
// eslint-disable-next-line no-control-regex -- control characters are what it refuses
export const plainText = z.string().regex(/^(?!.*<[a-z/!?])[^\x00-\x1f\x7f]*$/i, 'not plain text');

/** Steps, epochs, bytes, lines. */
export const count = z.int().min(0);
/** An error rate. */
export const fraction = z.number().min(0).max(1);
export const seconds = z.number().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256');
export const dateTime = z.iso.datetime();
export const folderName = plainText.regex(/^(?!\.\.?$)[^/\\]{1,255}$/, "not a folder's name");

export const settingName = z.string().regex(/^[A-Za-z]\w{0,63}$/, "not a setting's name");
type SettingValue =
  string | number | boolean | null | readonly SettingValue[] | { readonly [name: string]: SettingValue };
export const settingValue: z.ZodType<SettingValue> = z.lazy(() =>
  z.union([
    plainText,
    z.number(),
    z.boolean(),
    z.null(),
    z.array(settingValue),
    z.record(settingName, settingValue),
  ]),
);

/** `hyperparameters.json`; of another version it may have settings that this one does not know. */
export const settingsSchema = z.record(settingName, settingValue);

export const runName = z.string().regex(/^[\w.-]{1,255}$/, "not a run's name");

/** Of several runs; it is read by people, and typed by them. */
export const groupName = plainText.regex(
  /^\S(.{0,98}\S)?$/,
  'not 1 to 100 characters without spaces around them',
);
export const tagName = plainText.regex(/^[^\s,]{1,50}$/, 'not 1 to 50 characters without spaces and commas');

/** `labels.json`: what a person says of a run, at any time; an empty text or list takes away what was there. */
export const labelsSchema = z.strictObject({
  group: z.union([groupName, z.literal('')]).optional(),
  tags: z.array(tagName).max(50).optional(),
  note: plainText.max(2000).optional(),
});

export const runInfoSchema = z.strictObject({
  format: z.int().min(1),
  name: runName,
  group: groupName.optional(),
  state: z.enum(['running', 'finished', 'stopped', 'broke off']),
  reason: z.string().optional(),
  started: dateTime,
  ended: dateTime.optional(),
  parent: z.strictObject({ folder: folderName, step: count }).optional(),
  versions: z.strictObject({ scanline: plainText, tensorflow: plainText, node: plainText }),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40,64}(-changed)?$/, 'not a commit')
    .optional(),
  processor: plainText.optional(),
  notBitForBit: z.array(z.strictObject({ step: count, from: plainText, to: plainText })).optional(),
  lines: count.optional(),
});

const metrics = z.record(settingName, z.number()).optional();

/** Lines of `metrics.jsonl`. */
export const trainPointSchema = z.strictObject({
  step: z.int().min(1),
  epoch: count,
  loss: z.number(),
  errorRate: fraction,
  learningRate: z.number().min(0).optional(),
  gradientNorm: z.number().min(0).optional(),
  metrics,
  seconds,
});
export const testPointSchema = z.strictObject({
  step: count,
  epoch: count,
  testError: fraction,
  testLoss: z.number(),
  averageTestError: fraction.optional(),
  averageTestLoss: z.number().optional(),
  metrics,
  seconds,
});
export const changeSchema = z.strictObject({
  step: count,
  epoch: count,
  set: z.record(settingName, z.number()),
  seconds,
});

/** `predictions.json`: one byte for each test image. */
export const predictionsSchema = z.strictObject({ step: count, predictions: z.base64() });

/** `test_predictions.json`: one byte for each test and image, test after test, compressed. */
export const testPredictionsSchema = z.strictObject({
  numImages: count,
  tests: z.array(count),
  steps: z.array(count),
  predictions: z.base64(),
});

const setDigestSchema = z.strictObject({ images: sha256, labels: sha256 });
export const dataDigestSchema = z.strictObject({ train: setDigestSchema, test: setDigestSchema });

/** What a checkpoint says about itself. */
export const checkpointInfoSchema = z.strictObject({
  format: z.literal(1),
  step: count,
  epoch: count,
  stepInEpoch: count,
  hyperparameters: settingsSchema,
  data: z
    .strictObject({
      numExamples: z.int().min(1),
      epochsCompleted: count,
      position: count,
      random: z.strictObject({
        path: z.array(z.union([z.string(), z.number()])),
        generator: z.array(z.int32()).length(4),
      }),
    })
    .refine(({ position, numExamples }) => position <= numExamples, 'a position behind the last example'),
  dataDigest: z.union([z.string(), dataDigestSchema]),
  metricsBytes: count,
  metricsLines: count.optional(),
  testError: fraction.optional(),
  averageTestError: fraction.optional(),
  keep: z.boolean(),
  images: z
    .strictObject({
      rows: z.int().min(1),
      columns: z.int().min(1),
      numClasses: z.int().min(1),
      classNames: z.array(z.string()).optional(),
    })
    .optional(),
  own: z.array(z.enum(['model', 'optimizer', 'loss'])).optional(),
  environment: z
    .strictObject({ scanline: plainText, tensorflow: plainText, node: plainText, processor: plainText })
    .optional(),
});
