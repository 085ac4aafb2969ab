/** The time of a training step, of one model beside the other: what else the machine does hurts all alike. */
import { median } from '../../lib/base/statistics';
import type { DataSet } from '../../lib/data';
import { disposeModel } from '../../lib/training/evaluate';
import { parseHyperparameters } from '../../lib/model/hyperparameters';
import { createModel } from '../../lib/model/model';
import { createOptimizer } from '../../lib/optimizers';
import { createTrainStep } from '../../lib/training/train_step';
import type { Timing } from '../../lib/views/cell_results';

export interface Effort {
  readonly warmUp: number;
  readonly rounds: number;
  /** In each round, for each model. */
  readonly steps: number;
}

/** How long a training step takes for each of the settings; a failure instead where there was one. */
export async function timeSteps(
  all: readonly object[],
  data: DataSet,
  { warmUp, rounds, steps }: Effort,
  log: (line: string) => void,
): Promise<(Timing | Error)[]> {
  const racers: (Racer | Error)[] = [];
  try {
    for (const [i, settings] of all.entries()) {
      racers.push(await warmRacer(settings, data, warmUp));
      log(`${i + 1} of ${all.length} are warm, ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MB`);
    }
    for (let round = 1; round <= rounds; round++) {
      for (const racer of racers) if (!(racer instanceof Error)) await racer.run(steps);
      log(`round ${round} of ${rounds}`);
    }
    return racers.map(racer => (racer instanceof Error ? racer : racer.timing));
  } finally {
    for (const racer of racers) if (!(racer instanceof Error)) racer.dispose();
  }
}

async function warmRacer(settings: object, data: DataSet, steps: number): Promise<Racer | Error> {
  try {
    return await new Racer(settings, data).warmUp(steps);
  } catch (error) {
    return error as Error;
  }
}

class Racer {
  private readonly model;
  private readonly trainStep;
  private readonly batchSize: number;
  private readonly rounds: number[] = [];
  private firstStepSeconds = 0;

  constructor(
    settings: object,
    private readonly data: DataSet,
  ) {
    const hyperparameters = parseHyperparameters(settings);
    this.batchSize = hyperparameters.batchSize;
    this.model = createModel(hyperparameters, data);
    const optimizer = createOptimizer(hyperparameters.optimizer);
    this.trainStep = createTrainStep(this.model, { ...hyperparameters, optimizer, log: () => {} });
  }

  async warmUp(steps: number): Promise<this> {
    try {
      this.firstStepSeconds = (await this.step()) / 1000;
      for (let i = 1; i < steps; i++) await this.step();
      return this;
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  async run(steps: number): Promise<void> {
    const times: number[] = [];
    for (let i = 0; i < steps; i++) times.push(await this.step());
    this.rounds.push(median(times));
  }

  get timing(): Timing {
    const { rounds, firstStepSeconds } = this;
    return { msPerStep: median(rounds), rounds, firstStepSeconds };
  }

  dispose(): void {
    this.trainStep.dispose();
    disposeModel(this.model);
  }

  /** @returns milliseconds */
  private async step(): Promise<number> {
    const batch = this.data.nextBatch(this.batchSize);
    const start = performance.now();
    await this.trainStep(batch);
    return performance.now() - start;
  }
}
