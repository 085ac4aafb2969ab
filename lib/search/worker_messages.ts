/** What a search and the processes that train its trials say to each other. */
import type { TrialTest } from './early_stopping';
import type { SentData, TrialOutcome, TrialStep, TrialTask } from './trial';

export type ToWorker =
  | ({ readonly kind: 'data' } & SentData)
  | { readonly kind: 'trial'; readonly task: TrialTask }
  | { readonly kind: 'answer'; readonly goOn: boolean }
  | { readonly kind: 'interrupt' };

export type FromWorker =
  | { readonly kind: 'start'; readonly folder: string }
  | { readonly kind: 'step'; readonly step: TrialStep }
  | { readonly kind: 'test'; readonly tests: readonly TrialTest[] }
  | { readonly kind: 'end'; readonly outcome: TrialOutcome };
