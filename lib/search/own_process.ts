import type { TrainingData } from '../training/trainer';
import type { TrainingRun } from '../training/training_run';
import { trainTrial, type TrialListener, type TrialOutcome, type TrialRunner, type TrialTask } from './trial';

/** Trains trials here, in the search's own process. */
export class OwnProcess implements TrialRunner {
  private run?: TrainingRun;

  constructor(private readonly data: TrainingData) {}

  runTrial(task: TrialTask, listener: TrialListener): Promise<TrialOutcome> {
    return trainTrial(this.data, task, listener, run => void (this.run = run));
  }

  interrupt(): void {
    this.run?.stop();
  }

  end(): void {}
}
