import type { CompileOptions } from '../compile/compile';
import type { DataSet, DataSetState } from '../data';
import { sha256Of } from '../base/checksum';
import { dataDigest, differingData, type DataDigest } from '../data/digest';
import { UserError } from '../base/errors';
import { remedy } from '../base/remedy';
import { disposeModel, evaluate, type Evaluation } from './evaluate';
import type { Hyperparameters } from '../model/hyperparameters';
import { createModel, type SequenceClassifier } from '../model/model';
import { createOptimizer } from '../optimizers';
import { createRandom } from '../base/random';
import { prefixed, type Variables } from '../rnn/cell';
import { restoreVariables, type Checkpoint, type CheckpointInfo } from '../runs/checkpoint';
import { tf } from '../tfjs/tensorflow';
import { createTrainStep, type TrainStep } from './train_step';

export interface TrainingData {
  readonly train: DataSet;
  readonly test: DataSet;
}

export interface TrainerOptions {
  /** Run each step as one graph. Default true. */
  compile?: boolean | CompileOptions;
}

interface StepResult {
  loss: number;
  errorRate: number;
  set?: { learningRate: number };
}

/** The moving parts of a training: model, optimizer and data, and how far it has come. It writes nothing. */
export class Trainer {
  readonly model: SequenceClassifier;
  readonly data: TrainingData;
  private readonly trainStep: TrainStep;
  private readonly compile: boolean;
  private current: Hyperparameters;
  private digest?: DataDigest;
  private epoch = 0;
  private stepInEpoch = 0;
  /** While a step is on its way: where the data stood before it, for a checkpoint that comes in between. */
  private dataBefore?: DataSetState;

  constructor(hyperparameters: Hyperparameters, data: TrainingData, { compile = true }: TrainerOptions) {
    const { seed, optimizer } = hyperparameters;
    this.current = hyperparameters;
    this.compile = compile !== false;
    this.data = { train: data.train.withOrder(createRandom(seed).fork('order')), test: data.test };
    this.model = createModel(hyperparameters, data.train);
    this.trainStep = createTrainStep(this.model, {
      ...hyperparameters,
      optimizer: createOptimizer(optimizer),
      compile,
      log: () => {}, // `compiling` tells it to whoever watches
    });
  }

  /** As they are now. */
  get hyperparameters(): Hyperparameters {
    return this.current;
  }

  /** Change learningRate, clipNorm, dropout, epochs or testFreq: nothing else can change without another network. */
  setHyperparameters(hyperparameters: Hyperparameters): void {
    this.current = hyperparameters;
    const { learningRate, clipNorm, dropout } = hyperparameters;
    Object.assign(this.trainStep, { learningRate, clipNorm });
    tf.tidy(() => this.model.outputKeepProb?.assign(tf.scalar(1 - dropout)));
  }

  /** See `TrainStep`. */
  get compiling(): string | undefined {
    return this.trainStep.compiling;
  }

  /** The epoch that it is in, 0 for the first, and the steps made in it. */
  get position(): { readonly epoch: number; readonly step: number } {
    return { epoch: this.epoch, step: this.stepInEpoch };
  }

  /** Training steps of an epoch: what is left over is too few for a batch. */
  get stepsPerEpoch(): number {
    return Math.floor(this.data.train.numExamples / this.current.batchSize);
  }

  /** Steps until the end of the last epoch. */
  get stepsLeft(): number {
    return Math.max(0, (this.current.epochs - this.epoch) * this.stepsPerEpoch - this.stepInEpoch);
  }

  /**
   * One training step on the next batch. When it throws, it was not made.
   * @returns also the settings that the step changed, by the schedule: the learning rate after an epoch
   */
  async step(): Promise<StepResult> {
    const { train } = this.data;
    const [before, hyperparameters] = [train.state(), this.current];
    const { epoch, stepInEpoch } = this;
    this.dataBefore = before;
    const startsEpoch = stepInEpoch === this.stepsPerEpoch;
    const { learningRate, learningRateDecay, batchSize } = hyperparameters;
    const set =
      startsEpoch && learningRateDecay < 1 ? { learningRate: learningRate * learningRateDecay } : undefined;
    // Together, so that a checkpoint that comes in between does not lower the rate a second time.
    if (startsEpoch) [this.epoch, this.stepInEpoch] = [epoch + 1, 0];
    if (set) this.setHyperparameters({ ...hyperparameters, ...set });
    try {
      const result = await this.trainStep(train.nextBatch(batchSize));
      this.stepInEpoch++;
      return { ...result, set };
    } catch (error) {
      train.restore(before);
      [this.epoch, this.stepInEpoch] = [epoch, stepInEpoch];
      this.setHyperparameters(hyperparameters);
      throw error;
    } finally {
      this.dataBefore = undefined;
    }
  }

  /** The network as it is, on all test images. */
  evaluate(): Promise<Evaluation> {
    return evaluate(this.model, this.data.test, { compile: this.compile });
  }

  /** Everything that training changes, by name. */
  get variables(): Variables {
    return { ...prefixed('model', this.model.variables), ...prefixed('optimizer', this.trainStep.slots) };
  }

  /** Where it stands, beside its variables. */
  state(): Pick<CheckpointInfo, 'epoch' | 'stepInEpoch' | 'hyperparameters' | 'data' | 'dataDigest'> {
    const { epoch, stepInEpoch, current: hyperparameters } = this;
    const { train } = this.data;
    return {
      epoch,
      stepInEpoch,
      hyperparameters,
      data: this.dataBefore ?? train.state(),
      dataDigest: this.dataDigest(),
    };
  }

  /** Go on from a checkpoint. @throws UserError if it belongs to other data or another network */
  restore(checkpoint: Checkpoint, path: string): void {
    const { data, dataDigest: expected, step, epoch, stepInEpoch, hyperparameters } = checkpoint.info;
    const others = this.otherData(expected);
    if (others.length > 0) {
      throw new UserError(
        `Expected the data that ${path} was made with, found other ${others.join(' and other ')}: ` +
          remedy({
            call: 'read the same data set with the same validationSize, and as many of its images',
            shell: 'give the same --data, --validation-size, --train-size and --test-size as for the run',
          }),
      );
    }
    restoreVariables(checkpoint, this.variables, path);
    this.data.train.restore(data);
    this.trainStep.steps = step;
    this.epoch = epoch;
    // A fork may have another batch size: the same part of the epoch is done.
    this.stepInEpoch = Math.round((stepInEpoch * hyperparameters.batchSize) / this.current.batchSize);
  }

  /** Of data that nobody changes. */
  private dataDigest(): DataDigest {
    return (this.digest ??= dataDigest(this.data));
  }

  /** @param expected of a checkpoint; one from before has that of the training labels alone */
  private otherData(expected: DataDigest | string): string[] {
    if (typeof expected !== 'string') return differingData(expected, this.dataDigest());
    return expected === sha256Of(this.data.train.labels) ? [] : ['training labels'];
  }

  /** Free weights, graphs and what the optimizer remembers. */
  dispose(): void {
    this.trainStep.dispose();
    disposeModel(this.model);
  }
}
