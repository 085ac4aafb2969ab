import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { TrainingData } from '../../training/trainer';
import { WorkerPool } from '../worker_pool';
import type { Follower } from './follower';
import type { Job } from './messages';
import { TrialAttempt, type AttemptResult } from './trial_attempt';
import { CoordinatorSign, TrialStore } from './trial_store';

/** Attempts in a row that end before the next checkpoint, after which the trial counts as one that kills its workers. */
const mostTries = 10;

/** One place of a worker: trains one trial at a time, in a process of its own that is kept for the next one. */
export class Slot {
  private pool?: { readonly data: TrainingData; readonly workers: WorkerPool };
  private current?: TrialAttempt;
  private leaving = false;

  /**
   * @param slots of this worker, which share the cores
   * @param scratch folder for the runs that are being trained
   */
  constructor(
    private readonly client: Redis,
    private readonly follower: Follower,
    private readonly slots: number,
    private readonly scratch: string,
  ) {}

  /** Give its trial back, and take no other. */
  leave(): void {
    this.leaving = true;
    this.current?.giveBack();
  }

  end(): void {
    this.pool?.workers.end();
    this.pool = undefined;
  }

  /** @throws an error if the attempt failed for a reason that is not the trial's: another worker may try */
  async run(job: Job, data: TrainingData): Promise<AttemptResult> {
    if (this.leaving) return 'given back';
    const store = new TrialStore(this.client, job.id);
    const begun = await store.begin();
    if (!begun) return 'ended';
    const { attempt, tries, lastCommand } = begun;
    if (tries > mostTries) {
      const reason = `its worker ended ${mostTries} times before the trial came to its next checkpoint`;
      await attempt.write({ outcome: { state: 'broke off', reason } });
      return 'ended';
    }
    const scratch = join(this.scratch, randomUUID());
    mkdirSync(scratch);
    const coordinator = new CoordinatorSign(this.client, job.sweep);
    const parts = { job, store, attempt, workers: this.workersFor(data), coordinator, scratch };
    const current = (this.current = new TrialAttempt(parts));
    const unfollow = this.follower.follow(
      store.control,
      lastCommand,
      text => current.obey(text),
      error => current.fail(error),
    );
    let result: AttemptResult | undefined;
    try {
      if (this.leaving) current.giveBack();
      return (result = await current.run());
    } finally {
      unfollow();
      this.current = undefined;
      if (result !== 'ended' || current.wasStopped) this.end(); // its process takes no other trial
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  private workersFor(data: TrainingData): WorkerPool {
    if (this.pool?.data !== data) {
      this.end();
      this.pool = { data, workers: new WorkerPool(data, this.slots) };
    }
    return this.pool.workers;
  }
}
