/** What a search and the processes that train its trials say to each other. */
import { z } from 'zod';
import { count, fraction, seconds } from '../runs/schemas';
import type { SentData, TrialTask } from './trial';

export type ToWorker =
  | ({ readonly kind: 'data' } & SentData)
  | { readonly kind: 'trial'; readonly task: TrialTask }
  | { readonly kind: 'answer'; readonly goOn: boolean }
  | { readonly kind: 'interrupt' };

export const trialOutcome = z.discriminatedUnion('state', [
  z.strictObject({ state: z.enum(['finished', 'stopped early', 'interrupted']) }),
  z.strictObject({ state: z.literal('broke off'), reason: z.string() }),
]);

/** What a search hears: another process says it, so it is parsed. */
export const fromWorker = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('start'), folder: z.string() }),
  z.strictObject({
    kind: z.literal('step'),
    step: z.strictObject({ step: count, totalSteps: count, seconds }),
  }),
  z.strictObject({
    kind: z.literal('test'),
    tests: z.array(z.strictObject({ examples: count, testError: fraction })).readonly(),
  }),
  z.strictObject({
    kind: z.literal('end'),
    outcome: trialOutcome,
  }),
]);

export type FromWorker = z.input<typeof fromWorker>;
