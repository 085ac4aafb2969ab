import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../../base/errors';
import { DamagedFile } from '../../base/files/files';
import { sendRequest } from '../../runs/steering';
import type { TrialListener, TrialOutcome } from '../trial';
import type { Attempt as Ended, WorkerPool } from '../worker_pool';
import { FolderMirror } from './folder_mirror';
import { commandSchema, parseMessage, type Job } from './messages';
import { restoreFolder, type Start } from './stored_folder';
import { Superseded, type Attempt, type CoordinatorSign, type TrialStore } from './trial_store';

/** Milliseconds from one message on the steps to the next. */
const sendInterval = 200;
/** Milliseconds from one look whether the coordinator is there to the next, while a trial waits for it. */
const lookInterval = 1000;

/** `given back`: another worker is to go on with it. */
export type AttemptResult = 'ended' | 'given back' | 'superseded';

/** What an attempt works with. */
export interface AttemptParts {
  readonly job: Job;
  readonly store: TrialStore;
  readonly attempt: Attempt;
  /** Trains nothing else meanwhile. */
  readonly workers: WorkerPool;
  readonly coordinator: CoordinatorSign;
  /** Folder for the run. */
  readonly scratch: string;
}

/** One attempt of a worker at a trial: trains it in a process of its own, and sends on what that one writes. */
export class TrialAttempt {
  private folder?: string;
  private mirror?: FolderMirror;
  /** Why the training was stopped before its end. */
  private stopped?: 'interrupted' | 'hopeless' | 'given back';
  private failure?: Error;
  private test = 0;
  private sending = Promise.resolve();
  private answer: (goOn: boolean) => void = () => {};

  constructor(private readonly parts: AttemptParts) {}

  /** Was the training stopped before its end? */
  get wasStopped(): boolean {
    return this.stopped !== undefined;
  }

  /** @throws an error if it failed for a reason that is not the trial's: another worker may try */
  async run(): Promise<AttemptResult> {
    const { job, store, workers, scratch } = this.parts;
    const timer = setInterval(() => void this.send(), sendInterval);
    try {
      const restored = join(scratch, 'run');
      const start = await restoreFolder(store, restored);
      const { number, name, group, hyperparameters } = job;
      const task = { number, name, group, hyperparameters, directory: scratch, folder: start && restored };
      return await this.end(await workers.tryOnce(task, this.listener(start)));
    } catch (error) {
      if (error instanceof Superseded) return 'superseded';
      if (!(error instanceof UserError) && !(error instanceof DamagedFile)) throw error;
      return await this.breakOff(error);
    } finally {
      clearInterval(timer);
    }
  }

  /** The training stops after the step that it is in, and its checkpoint goes to Redis for another worker. */
  giveBack(): void {
    this.stop('given back');
  }

  /** What the coordinator says. @throws UserError if it is nothing that a coordinator says */
  obey(text: string): void {
    const command = parseMessage(commandSchema, text, 'what a worker is told');
    switch (command.kind) {
      case 'interrupt':
        return this.stop('interrupted');
      case 'request':
        return this.folder === undefined ? undefined : sendRequest(this.folder, command.request);
      case 'answer':
        // One that comes late, from a coordinator that was away, finds the training further on.
        if (!command.goOn && command.test !== this.test) return this.stop('hopeless');
        if (command.test === this.test) this.answer(command.goOn);
    }
  }

  /** What it is told can no longer be read. */
  fail(error: Error): void {
    this.failure ??= error;
    this.stop('given back');
  }

  private stop(why: TrialAttempt['stopped']): void {
    this.stopped ??= why;
    this.parts.workers.interrupt();
    this.answer(true); // it stops all the same
  }

  private listener(start: Start = { line: 0, bytes: 0 }): TrialListener {
    return {
      onStart: folder => {
        this.folder = folder;
        this.mirror = new FolderMirror(folder, this.parts.attempt, start);
        void this.send();
      },
      onStep: ({ totalSteps }) => {
        if (this.mirror) this.mirror.totalSteps = totalSteps;
      },
      onTest: async tests => {
        this.test = tests.length;
        const answered = new Promise<boolean>(resolve => (this.answer = resolve));
        await this.sending; // Redis may be slower than the training
        this.sending = this.send(true);
        if (this.parts.job.certain) return true;
        await this.sending;
        return this.stopped ? true : this.answerOr(answered);
      },
    };
  }

  /** Without anybody who decides, the training goes on. */
  private async answerOr(answered: Promise<boolean>): Promise<boolean> {
    for (;;) {
      const first = await Promise.race([answered, pause(lookInterval, undefined)]);
      if (first !== undefined) return first;
      if (!(await this.parts.coordinator.isThere())) return true;
    }
  }

  private async send(tested = false): Promise<void> {
    try {
      await this.mirror?.send(tested ? { all: true, tested: this.test } : {});
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private async end({ outcome, died }: Ended): Promise<AttemptResult> {
    const { attempt } = this.parts;
    if (this.failure !== undefined) throw this.failure;
    if (died && outcome.state === 'broke off') throw new Error(outcome.reason);
    const told = this.told(outcome);
    await (this.mirror ? this.mirror.send({ all: true, outcome: told }) : attempt.write({ outcome: told }));
    return told ? 'ended' : 'given back';
  }

  /** A training that was stopped says no more than that; undefined if the trial has not ended. */
  private told(outcome: TrialOutcome): TrialOutcome | undefined {
    if (outcome.state === 'finished' || outcome.state === 'broke off') return outcome;
    switch (this.stopped) {
      case 'hopeless':
        return { state: 'stopped early' };
      case 'given back':
        return undefined;
      case 'interrupted':
      case undefined:
        return outcome;
    }
  }

  private async breakOff({ message }: Error): Promise<AttemptResult> {
    try {
      await this.parts.attempt.write({ outcome: { state: 'broke off', reason: message } });
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
    }
    return 'ended';
  }
}
