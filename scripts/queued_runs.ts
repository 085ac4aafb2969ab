/** Runs of experiments that other machines train: each is a job of its own in the queue. */
import { hostname } from 'node:os';
import { sha256Of } from '../lib/base/files/checksum';
import { UserError } from '../lib/base/errors';
import { percent } from '../lib/base/format';
import { projectPath } from '../lib/base/project';
import type { Hyperparameters } from '../lib/model/hyperparameters';
import { QueueRunner } from '../lib/search/queue/queue_runner';
import type { TrialListener, TrialTask } from '../lib/search/trial';
import type { TrainingData } from '../lib/training/trainer';

/** Hexadecimal digits of a digest that make the number of a job. */
const digits = 12;

export class QueuedRuns {
  private presses = 0;

  private constructor(
    private readonly runner: QueueRunner,
    private readonly directory: string,
  ) {
    process.on('SIGINT', this.press);
  }

  /**
   * Ctrl-C interrupts all runs; their checkpoints come back first.
   * @param url undefined: no queue
   * @param directory where the folders of runs are: the same runs there are the same jobs
   */
  static async open(
    url: string | undefined,
    data: TrainingData,
    directory: string,
  ): Promise<QueuedRuns | undefined> {
    if (url === undefined) return undefined;
    const runs = projectPath(directory);
    return new QueuedRuns(await QueueRunner.open(url, data, ['runs', hostname(), runs]), runs);
  }

  /**
   * Train a run, or go on with it.
   * @param about its name and group, and the folder of one that was begun
   * @returns whether it has finished; otherwise it was interrupted
   * @throws UserError if it broke off
   */
  async train(
    hyperparameters: Hyperparameters,
    { name, group, folder }: Pick<TrialTask, 'name' | 'group' | 'folder'>,
  ): Promise<boolean> {
    const { directory } = this;
    const digest = sha256Of(Buffer.from(JSON.stringify([name, hyperparameters])));
    const number = parseInt(digest.slice(0, digits), 16);
    const task = { number, hyperparameters, name, group, directory, folder, certain: true };
    const listener: TrialListener = {
      onStart: () => console.log(`   ${name}, seed ${hyperparameters.seed}: begins on another machine`),
      onStep: () => {},
      onTest(tests) {
        const { testError } = tests[tests.length - 1];
        console.log(`   ${name}, seed ${hyperparameters.seed}: test error ${percent(testError)}`);
        return true;
      },
    };
    const outcome = await this.runner.runTrial(task, listener);
    if (outcome.state === 'broke off') throw new UserError(outcome.reason);
    return outcome.state === 'finished';
  }

  async end(): Promise<void> {
    process.off('SIGINT', this.press);
    await this.runner.end();
  }

  private readonly press = (): void => {
    if (++this.presses > 1) process.exit(130);
    this.runner.interrupt();
  };
}
