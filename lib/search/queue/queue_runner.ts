import type { Redis } from 'ioredis';
import type { Queue } from 'bullmq';
import { sha256Of } from '../../base/files/checksum';
import type { TrainingData } from '../../training/trainer';
import type { TrialListener, TrialOutcome, TrialRunner, TrialTask } from '../trial';
import { Collector } from './collector';
import { connect } from './connect';
import { recipeOf } from './data_recipe';
import { Follower } from './follower';
import { keyPrefix, queueName, type DataRecipe, type Job } from './messages';
import { seedOf } from './stored_folder';
import { CoordinatorSign, TrialStore } from './trial_store';

/** Milliseconds from one look whether all trials are in the queue to the next. */
const lookInterval = 3000;
/** Milliseconds for which an interrupted trial's worker may take to say how far it came. */
const patience = 30_000;
/** Milliseconds after which a trial whose attempt failed is tried again. */
const retryDelay = 1000;

interface Waiting {
  readonly job: Job;
  readonly store: TrialStore;
  readonly leave: () => void;
}

/**
 * Trains trials on any machine that runs `npm run worker`: they are put into a queue in Redis, and what their workers
 * tell is written into ordinary run folders here. This process may end at any time; another one with the same sweep
 * collects what was done meanwhile.
 */
export class QueueRunner implements TrialRunner {
  private readonly waiting = new Map<string, Waiting>();
  private readonly follower: Follower;
  private readonly endSign: () => Promise<void>;
  private readonly timer: NodeJS.Timeout;
  private readonly running = new Set<Promise<TrialOutcome>>();
  private interrupted = false;

  private constructor(
    private readonly client: Redis,
    private readonly queue: Queue,
    private readonly sweep: string,
    private readonly data: DataRecipe,
  ) {
    this.follower = new Follower(client);
    this.endSign = new CoordinatorSign(client, sweep).show();
    this.timer = setInterval(() => void this.enqueueAll().catch(() => {}), lookInterval);
  }

  /**
   * @param url of Redis
   * @param about what makes the sweep this one: the same words are the same trials
   * @throws UserError if Redis cannot be used, or for data that a worker cannot read by itself
   */
  static async open(url: string, data: TrainingData, about: readonly unknown[]): Promise<QueueRunner> {
    const recipe = recipeOf(data);
    const client = await connect(url);
    const { Queue } = await import('bullmq');
    const queue = new Queue(queueName, { connection: client, prefix: keyPrefix });
    queue.on('error', () => {}); // the connection is made again
    const sweep = sha256Of(Buffer.from(JSON.stringify([about, recipe.digest]))).slice(0, 32);
    return new QueueRunner(client, queue, sweep, recipe);
  }

  async runTrial(task: TrialTask, listener: TrialListener): Promise<TrialOutcome> {
    if (this.interrupted) return { state: 'interrupted' };
    const running = this.collect(task, listener);
    this.running.add(running);
    try {
      return await running;
    } finally {
      this.running.delete(running);
    }
  }

  private async collect(task: TrialTask, listener: TrialListener): Promise<TrialOutcome> {
    const job = this.jobOf(task);
    const store = new TrialStore(this.client, job.id);
    await store.open((await store.exists()) ? undefined : seedOf(task.folder));
    const collector = new Collector(store, task, listener, await store.lastEntry());
    let told: TrialOutcome | undefined;
    let unfollow = () => {};
    try {
      return await new Promise<TrialOutcome>(resolve => {
        const take = async (text: string, id: string) => {
          told = await collector.take(text, id);
          if (told) resolve(told);
        };
        const fail = ({ message: reason }: Error) => resolve((told = { state: 'broke off', reason }));
        this.waiting.set(job.id, { job, store, leave: () => resolve({ state: 'interrupted' }) });
        unfollow = this.follower.follow(store.stream, '0', take, fail);
        this.enqueue([job]).catch(fail);
      });
    } finally {
      unfollow();
      this.waiting.delete(job.id);
      collector.close(told);
      await this.forget(store, told !== undefined);
    }
  }

  /** Connected now, whatever they are doing. */
  countWorkers(): Promise<number> {
    return this.queue.getWorkersCount();
  }

  /** Trials that nobody has begun end at once, the others when their workers have said how far they came. */
  interrupt(): void {
    this.interrupted = true;
    for (const { job, store, leave } of this.waiting.values()) {
      const ask = async () => {
        await store.interrupt();
        if ((await this.queue.remove(job.id)) === 1) leave();
      };
      ask().catch(leave);
      setTimeout(leave, patience).unref();
    }
  }

  /** Trials that have not ended are interrupted first. */
  async end(): Promise<void> {
    if (this.running.size > 0) this.interrupt();
    await Promise.allSettled(this.running);
    clearInterval(this.timer);
    this.follower.close();
    await this.endSign().catch(() => {});
    await this.queue.close();
    this.client.disconnect();
  }

  private jobOf({ number, name, group, hyperparameters, certain = false }: TrialTask): Job {
    const { sweep, data } = this;
    const id = `${sweep}-${number}`;
    const settings = JSON.parse(JSON.stringify(hyperparameters)) as Job['hyperparameters'];
    return { format: 1, id, sweep, number, name, group, hyperparameters: settings, data, certain };
  }

  /** Also one that is there already: the queue has each id once. */
  private async enqueue(jobs: readonly Job[]): Promise<void> {
    const options = { removeOnComplete: true, removeOnFail: true, attempts: 1000, backoff: retryDelay };
    await this.queue.addBulk(
      jobs.map(data => ({ name: 'trial', data, opts: { ...options, jobId: data.id } })),
    );
  }

  /** A server that was restarted may have forgotten the last ones. */
  private async enqueueAll(): Promise<void> {
    if (this.interrupted) return;
    await this.enqueue([...this.waiting.values()].map(({ job }) => job));
  }

  /** What was collected, or never begun, goes; what a worker may still be training stays for the next coordinator. */
  private async forget(store: TrialStore, collected: boolean): Promise<void> {
    if (collected || ['0-0', '0-1'].includes(await store.lastEntry())) await store.remove();
  }
}
