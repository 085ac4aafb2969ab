import type { TrainingData } from '../training/trainer';
import type { SweepInfo } from './sweep_file';
import type { TrialRunner } from './trial';

/** What the search knows of the queue. */
export interface QueuedTrialRunner extends TrialRunner {
  /** Workers that are connected now: each trains a trial at a time. */
  countWorkers(): Promise<number>;
}

interface QueueModule {
  readonly QueueRunner: {
    open(url: string, data: TrainingData, about: readonly unknown[]): Promise<QueuedTrialRunner>;
  };
}

/** A name that the compiler does not follow: else every notebook would begin with reading the types of bullmq and ioredis. */
const queueModule: string = './queue/queue_runner';

/**
 * Loaded only now: nobody needs Redis, or waits for what talks to it, to search on one machine.
 * @throws UserError if Redis cannot be used, or for data that a worker cannot read by itself
 */
export async function openQueue(
  url: string,
  data: TrainingData,
  info: SweepInfo,
): Promise<QueuedTrialRunner> {
  const { QueueRunner } = (await import(queueModule)) as QueueModule;
  const { name, started, space, settings, seed } = info;
  return QueueRunner.open(url, data, [name, started, space, settings, seed]);
}
