import type { Change, TestPoint, TrainPoint } from '../base/history';
import type { RunSettings } from '../model/run_settings';
import type { Steerable } from './steerable';

/** What an observer sees of a run, and may do with it. */
export interface ObservedRun extends Steerable {
  readonly folder: string;
  /** Whether it has a folder. */
  readonly recorded: boolean;
  /** As they are now, changes included. */
  readonly hyperparameters: RunSettings;
  /** The epoch that it is in, 0 for the first, and the steps made in it. */
  readonly position: { readonly epoch: number; readonly step: number };
  /** The number of the last step made; 0 before the first. */
  readonly lastStep: number;
  /** That the next step is made into a graph first, which takes seconds; undefined where it is not. */
  readonly compiling?: string;
}

/**
 * Told what happens in a training, as it happens; what it does not care for it leaves out. Where it returns a promise,
 * the training waits for it. One that throws ends the training with its own error, after a checkpoint.
 *
 * @example
 * await train(run, { observers: [{ test: ({ step, testError }) => console.log(step, testError) }] });
 */
export interface TrainingObserver {
  /** Before the first step of this call of `train`. */
  begin?(run: ObservedRun): unknown;
  /** After each step. */
  step?(point: TrainPoint, run: ObservedRun): unknown;
  /** After each test, when its checkpoint is written. */
  test?(point: TestPoint, run: ObservedRun): unknown;
  /** After the last step, or the error that ended it; `run.status` says how it ended. */
  end?(run: ObservedRun): unknown;
  /** Settings were changed, by whomever: at once, nobody waits. */
  change?(set: Change['set'], run: ObservedRun): void;
  /** It is paused, goes on, is to stop, went back to a checkpoint, has ended: at once, nobody waits. */
  status?(run: ObservedRun): void;
}

export type TrainingEvent = keyof TrainingObserver;
export type Details<Name extends TrainingEvent> = Parameters<NonNullable<TrainingObserver[Name]>>;

/** Those who watch a run. */
export class Observers {
  private readonly all: { readonly observer: TrainingObserver }[] = [];

  /** @returns a function that takes it away again */
  add(observer: TrainingObserver): () => void {
    const entry = { observer };
    this.all.push(entry);
    return () => {
      const place = this.all.indexOf(entry);
      if (place >= 0) this.all.splice(place, 1);
    };
  }

  tell<Name extends 'change' | 'status'>(event: Name, ...details: Details<Name>): void {
    for (const { observer } of [...this.all]) void call(observer, event, details);
  }

  /** One after the other, each waited for. @throws what the first of them threw, when all were told */
  async tellAndWait<Name extends TrainingEvent>(event: Name, ...details: Details<Name>): Promise<void> {
    const failures: unknown[] = [];
    for (const { observer } of [...this.all]) {
      try {
        await call(observer, event, details);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

function call<Name extends TrainingEvent>(
  observer: TrainingObserver,
  event: Name,
  details: Details<Name>,
): unknown {
  const method = observer[event] as ((...all: Details<Name>) => unknown) | undefined;
  return method?.apply(observer, details);
}
