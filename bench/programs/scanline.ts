/** Scanline's own training step, as the tutorial makes it: as one graph, or operation by operation. */
import { createModel, createTrainStep, evaluate, parseHyperparameters, rmsProp } from '../../lib';
import type {
  CompileOptions,
  DataSets,
  HyperparametersInput,
  SequenceClassifier,
  TrainStep,
} from '../../lib';
import type { NetworkSize } from '../network_size';
import type { Program } from './program';

export class Scanline implements Program {
  private model!: SequenceClassifier;
  private trainStep!: TrainStep;
  private batchSize!: number;

  constructor(
    private readonly data: DataSets,
    private readonly settings: HyperparametersInput,
    private readonly compile: boolean | CompileOptions,
  ) {}

  build({ numLayers, numHidden, batchSize }: NetworkSize): void {
    this.batchSize = batchSize;
    const hyperparameters = parseHyperparameters({ ...this.settings, numLayers, numHidden, batchSize });
    this.model = createModel(hyperparameters, this.data.train);
    const { learningRate } = hyperparameters;
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
