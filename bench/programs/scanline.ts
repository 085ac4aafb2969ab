/** Scanline's own training step, as the tutorial makes it: as one graph, or operation by operation. */
import { createModel, createTrainStep, defaultHyperparameters, evaluate, rmsProp } from '../../lib';
import type { CompileOptions, DataSets, SequenceClassifier, TrainStep } from '../../lib';
import type { NetworkSize } from '../network_size';
import type { Program } from './program';

export class Scanline implements Program {
  private model!: SequenceClassifier;
  private trainStep!: TrainStep;
  private batchSize!: number;

  constructor(
    private readonly data: DataSets,
    private readonly compile: boolean | CompileOptions,
  ) {}

  build(size: NetworkSize): void {
    this.batchSize = size.batchSize;
    this.model = createModel({ ...defaultHyperparameters, ...size }, this.data.train);
    const { learningRate } = defaultHyperparameters;
    this.trainStep = createTrainStep(this.model, {
      optimizer: rmsProp(),
      learningRate,
      compile: this.compile,
      log: () => {},
    });
  }

  async step(): Promise<number> {
    return (await this.trainStep(this.data.train.nextBatch(this.batchSize))).loss;
  }

  async classify(): Promise<Uint8Array> {
    const compile = Boolean(this.compile);
    return (await evaluate(this.model, this.data.test, { batchSize: 1000, compile })).predictions;
  }
}
