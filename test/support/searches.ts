/** Searches whose trials are not trained: a function tells their test errors. */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lockFolder } from '../../lib/base/files/lock';
import type { TrialTest } from '../../lib/search/early_stopping';
import { Search } from '../../lib/search/search';
import type { Sample, Space } from '../../lib/search/space';
import { readSweepInfo, type SweepInfo } from '../../lib/search/sweep_file';
import type { SweepObserver } from '../../lib/search/sweep_observer';
import type { TrialListener, TrialOutcome, TrialRunner, TrialTask } from '../../lib/search/trial';

export function newSweep(
  space: Space,
  settings: readonly Sample[],
  more: Partial<SweepInfo> = {},
): SweepInfo {
  return {
    ...{ format: 1, name: 'fake', started: new Date(0).toISOString(), space, settings: {}, method: 'random' },
    ...{ seed: 0, earlyStopping: 'none', graceTests: 1, processes: 1, dataDigest: '' },
    trials: settings.map((sample, i) => {
      return { number: i + 1, settings: sample, state: 'waiting', step: 0, seconds: 0 };
    }),
    ...more,
  };
}

/** Makes a test after each ten examples, as the function says. */
export class FakeRunner implements TrialRunner {
  private interrupted = false;

  /** @param errorsOf a trial's test errors, in order */
  constructor(private readonly errorsOf: (settings: Sample, task: TrialTask) => readonly number[]) {}

  async runTrial(task: TrialTask, listener: TrialListener): Promise<TrialOutcome> {
    listener.onStart(join(task.directory, basename(`run-${task.number}`)));
    const errors = this.errorsOf(task.hyperparameters, task);
    const tests: TrialTest[] = [];
    for (const [i, testError] of errors.entries()) {
      if (this.interrupted) return { state: 'interrupted' };
      const examples = 10 * (i + 1);
      listener.onStep({ step: examples, totalSteps: 10 * errors.length, seconds: 1 });
      tests.push({ examples, testError });
      const goesOn = await listener.onTest(tests);
      if (!goesOn && i < errors.length - 1) return { state: 'stopped early' };
    }
    return { state: 'finished' };
  }

  interrupt(): void {
    this.interrupted = true;
  }

  end(): void {}
}

/** Runs a search in a folder to its end, or until an observer stops it. @returns what stands in its file then */
export async function runSearch(
  folder: string,
  info: SweepInfo,
  runner: TrialRunner,
  observe: (search: () => Search) => SweepObserver = () => ({}),
): Promise<SweepInfo> {
  mkdirSync(folder, { recursive: true });
  const unlock = lockFolder(folder);
  try {
    const search: Search = new Search(folder, info, new Map(), runner, [observe(() => search)]);
    await search.run(info.processes);
  } finally {
    unlock();
  }
  return readSweepInfo(folder);
}
