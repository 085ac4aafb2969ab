/** The loop of a search: which trial is next, what it told, when it is hopeless. It does not know how trials are run. */
import { basename, dirname, join } from 'node:path';
import { isHopeless, type TrialTest } from './early_stopping';
import { writeSweep, type SweepInfo, type SweepTrial } from './sweep_file';
import type { SweepObserver } from './sweep_observer';
import { Throttle } from '../base/throttle';
import { bracketOf, firstRung } from './hyperband';
import { proposeSettings } from './propose/propose';
import { obey } from './steering/changes';
import { SweepRequests } from './steering/requests';
import type { TrialListener, TrialOutcome, TrialRunner } from './trial';

/** Seconds from one look for requests to the next, at least; before a trial and at a test it looks at once. */
const lookInterval = 1;

export class Search {
  private stopping = false;
  /** Trials that somebody wants to be stopped. */
  private readonly unwanted = new Set<number>();
  private readonly requests: SweepRequests;
  private readonly looking = new Throttle(lookInterval);

  /**
   * @param folder the sweep's own
   * @param info is changed, and written after each test
   * @param tests of each trial, by its number; those of earlier processes too
   */
  constructor(
    private readonly folder: string,
    private readonly info: SweepInfo,
    private readonly tests: Map<number, readonly TrialTest[]>,
    private readonly runner: TrialRunner,
    private readonly observers: readonly SweepObserver[],
  ) {
    this.requests = new SweepRequests(folder);
  }

  /** Run all trials that are not done, in their order, so many side by side. */
  async run(sideBySide: number): Promise<void> {
    const line = async () => {
      for (let trial = this.next(); trial; trial = this.next()) await this.try(trial);
    };
    try {
      const lines = await Promise.allSettled(Array.from({ length: sideBySide }, line));
      for (const ended of lines) if (ended.status === 'rejected') throw ended.reason;
    } finally {
      await this.runner.end();
    }
  }

  /** The trials that run are interrupted, and no other is begun. */
  stop(): void {
    this.stopping = true;
    this.runner.interrupt();
  }

  /** It has all its settings. */
  private next(): SweepTrial | undefined {
    if (this.stopping) return undefined;
    this.steer();
    const trial = this.info.trials.find(({ state }) => state === 'waiting' || state === 'interrupted');
    if (trial) trial.settings = proposeSettings(this.info, trial, this.tests);
    return trial;
  }

  /** Do what was asked since the last time. */
  private steer(): void {
    this.looking.restart();
    for (const request of this.requests.read()) {
      if (!request) continue; // a line that is none
      const message = obey(request, this.info, this.unwanted);
      for (const observer of this.observers) observer.steered?.(message);
      writeSweep(this.folder, this.info);
    }
  }

  private async try(trial: SweepTrial): Promise<void> {
    const { name, settings } = this.info;
    let outcome: TrialOutcome = { state: 'interrupted' };
    trial.state = 'running'; // no other line takes it
    writeSweep(this.folder, this.info); // with its settings: who goes on with the search must not propose others
    this.tell('started', trial);
    try {
      const task = {
        number: trial.number,
        hyperparameters: { ...settings, ...trial.settings },
        name: `${name}-trial-${trial.number}`,
        group: basename(this.folder),
        directory: dirname(this.folder),
        folder: trial.run === undefined ? undefined : join(dirname(this.folder), trial.run),
        certain: this.info.earlyStopping === 'none',
      };
      outcome = await this.runner.runTrial(task, this.listenerOf(trial));
    } catch (error) {
      this.stop();
      throw error;
    } finally {
      if (outcome.state === 'interrupted') this.stopping = true;
      trial.state = outcome.state;
      trial.reason = outcome.state === 'broke off' ? outcome.reason : undefined;
      writeSweep(this.folder, this.info);
      this.tell('ended', trial);
    }
  }

  private tell(event: 'started' | 'stepped' | 'tested' | 'ended', trial: SweepTrial): void {
    for (const observer of this.observers) observer[event]?.(trial);
  }

  private listenerOf(trial: SweepTrial): TrialListener {
    return {
      onStart: folder => {
        trial.run = basename(folder);
        writeSweep(this.folder, this.info);
      },
      onStep: step => {
        Object.assign(trial, step);
        this.tell('stepped', trial);
        if (this.looking.due) this.steer();
      },
      onTest: tests => {
        const errors = tests.map(({ testError }) => testError);
        trial.lastTestError = errors[errors.length - 1];
        trial.bestTestError = errors.reduce((a, b) => Math.min(a, b));
        this.tests.set(trial.number, tests);
        writeSweep(this.folder, this.info);
        this.tell('tested', trial);
        this.steer();
        return !this.unwanted.has(trial.number) && !this.isHopeless(trial);
      },
    };
  }

  private isHopeless({ number }: SweepTrial): boolean {
    const { trials, earlyStopping, graceTests, brackets = 1 } = this.info;
    const bracket = bracketOf(number, brackets);
    const others = trials
      .filter(other => other.number !== number && other.state !== 'broke off')
      .filter(other => bracketOf(other.number, brackets) === bracket)
      .map(other => ({ tests: this.tests.get(other.number) ?? [], ended: hasEnded(other) }));
    return isHopeless(earlyStopping, this.tests.get(number) ?? [], others, firstRung(bracket, graceTests));
  }
}

function hasEnded({ state }: SweepTrial): boolean {
  return state === 'finished' || state === 'stopped early';
}
