import type { TrainingRun } from './training_run';
export class LiveTraining {
  constructor(_run: TrainingRun) {}
  update(): void {}
  async end(): Promise<void> {}
}
