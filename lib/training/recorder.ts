import type { TestPoint } from '../base/history';
import { readCheckpoint } from '../runs/checkpoint';
import { Checkpoints } from '../runs/checkpoints';
import { Run } from '../runs/run';
import { currentEnvironment, type RunState } from '../runs/run_info';
import { TrainingRecord } from './record';
import type { Trainer } from './trainer';

/** Keeps what a training does, in the run's folder: its history and its checkpoints. Closed while nothing is trained. */
export class Recorder extends TrainingRecord {
  private readonly checkpoints: Checkpoints;

  /**
   * @param run open
   * @param trainer whose steps are recorded
   * @param keepNewest how many of the newest checkpoints stay, beside the best
   */
  constructor(
    private run: Run,
    trainer: Trainer,
    keepNewest: number,
  ) {
    super(trainer);
    this.checkpoints = new Checkpoints(run.folder, keepNewest);
    this.checkpoints.removeAfter(run.lastStep);
    run.close('stopped');
  }

  get history(): Run {
    return this.run;
  }

  get folder(): string {
    return this.run.folder;
  }

  get name(): string {
    return this.run.name;
  }

  open(): void {
    this.run.reopen();
  }

  close(state: Exclude<RunState, 'running'>, reason?: string): void {
    this.run.close(state, reason);
  }

  checkpoint({ keep = false } = {}): string {
    const { run } = this;
    const { state } = run;
    run.reopen();
    const last = run.test[run.test.length - 1] as TestPoint | undefined;
    const { testError, averageTestError } = (last?.step === run.lastStep ? last : undefined) ?? {};
    const environment = currentEnvironment();
    const written = {
      format: 1,
      step: run.lastStep,
      ...run.flush(),
      testError,
      averageTestError,
      keep,
      environment,
    };
    const path = this.checkpoints.write({ ...this.trainer.state(), ...written }, this.trainer.variables);
    if (state !== 'running') run.close(state);
    return path;
  }

  /**
   * Let the run stand where it stood at a checkpoint, with the settings of then; only the number of epochs stays. It is
   * open afterwards.
   * @throws UserError for a damaged checkpoint, or if another process has gone on with the run
   */
  goBack(path: string): void {
    const { trainer, run } = this;
    const checkpoint = readCheckpoint(path);
    const { hyperparameters } = checkpoint.info;
    run.reopen(); // does nothing while it is trained; otherwise it makes sure that nobody else has gone on with it
    run.close('stopped');
    trainer.restore(checkpoint, path);
    trainer.setHyperparameters({ ...hyperparameters, epochs: trainer.hyperparameters.epochs });
    this.run = new Run({ folder: run.folder, checkpoint: checkpoint.info });
    this.checkpoints.removeAfter(this.run.lastStep);
  }
}
