import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job as BullJob, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { TrainingData } from '../../training/trainer';
import { connect } from './connect';
import { readRecipe } from './data_recipe';
import { Follower } from './follower';
import { jobSchema, keyPrefix, parseMessage, queueName, type DataRecipe, type Job } from './messages';
import { Slot } from './slot';

/** Milliseconds after which a job whose data are not here, or whose attempt failed, is handed out again. */
const delay = 10_000;

export interface QueueWorkerOptions {
  /** Trials that it trains side by side. Default 1. */
  slots?: number;
  /** Seconds after which a trial of a worker that is not heard of goes to another one. Default 30. */
  lease?: number;
  /** Takes lines that say what it does. Default console.log. */
  log?: (line: string) => void;
}

/** Takes trials from a queue and trains them, each in a process of its own, until it is ended. */
export class QueueWorker {
  private readonly follower: Follower;
  private readonly free: Slot[];
  private readonly slots: readonly Slot[];
  private readonly scratch = mkdtempSync(join(tmpdir(), 'scanline-worker-'));
  /** The data of the last trial. */
  private data?: { readonly recipe: string; readonly read: Promise<TrainingData> };
  private worker?: Worker;

  private constructor(
    private readonly client: Redis,
    private readonly log: (line: string) => void,
    slots: number,
  ) {
    this.follower = new Follower(client);
    this.slots = Array.from({ length: slots }, () => new Slot(client, this.follower, slots, this.scratch));
    this.free = [...this.slots];
  }

  /**
   * @param url `redis://host:6379`; `rediss://…` for TLS
   * @throws UserError if Redis cannot be used
   */
  static async start(
    url: string,
    { slots = 1, lease = 30, log = console.log }: QueueWorkerOptions = {},
  ): Promise<QueueWorker> {
    const client = await connect(url);
    const bull = await import('bullmq');
    const started = new QueueWorker(client, log, slots);
    const giveBack = async (job: BullJob, token: string | undefined, wait: number): Promise<never> => {
      if (wait > 0) {
        await job.moveToDelayed(Date.now() + wait, token);
        throw new bull.DelayedError();
      }
      await job.moveToWait(token);
      throw new bull.WaitingError();
    };
    started.worker = new bull.Worker(queueName, (job, token) => started.process(job, token, giveBack), {
      connection: client,
      prefix: keyPrefix,
      concurrency: slots,
      lockDuration: lease * 1000,
      stalledInterval: lease * 1000,
      maxStalledCount: Number.MAX_SAFE_INTEGER, // see `mostTries`
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    started.worker.on('error', () => {}); // a lost connection is made again; a lost lock is noticed by the fence
    return started;
  }

  /** Trials that are being trained go back into the queue with their checkpoints. */
  async end(): Promise<void> {
    for (const slot of this.slots) slot.leave();
    await this.worker?.close();
    for (const slot of this.slots) slot.end();
    this.follower.close();
    this.client.disconnect();
    rmSync(this.scratch, { recursive: true, force: true });
  }

  private async process(
    bullJob: BullJob,
    token: string | undefined,
    giveBack: (job: BullJob, token: string | undefined, wait: number) => Promise<never>,
  ): Promise<void> {
    const job = this.parse(bullJob);
    if (!job) return; // it goes: nobody can do anything with it
    let data: TrainingData;
    try {
      data = await this.read(job.data);
    } catch (error) {
      this.log(`${job.name} is left to others: ${(error as Error).message}`);
      return giveBack(bullJob, token, delay);
    }
    const slot = this.free.pop()!;
    this.log(`${job.name} begins`);
    try {
      const result = await slot.run(job, data);
      this.log(`${job.name}: ${result}`);
      if (result === 'given back') await giveBack(bullJob, token, 0);
    } finally {
      this.free.push(slot);
    }
  }

  private parse({ data, id }: BullJob): Job | undefined {
    try {
      return parseMessage(jobSchema, JSON.stringify(data), 'a trial');
    } catch (error) {
      this.log(`the job ${JSON.stringify(id)} is none of Scanline's: ${(error as Error).message}`);
      return undefined;
    }
  }

  /** Those of the last trial are kept. */
  private read(recipe: DataRecipe): Promise<TrainingData> {
    const text = JSON.stringify(recipe);
    if (this.data?.recipe !== text) {
      const read = readRecipe(recipe);
      this.data = { recipe: text, read };
      read.catch(() => (this.data = undefined)); // the folder may be put there meanwhile
    }
    return this.data.read;
  }
}
