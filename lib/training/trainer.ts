import type { CompileOptions } from '../compile/compile';
import type { Batch, DataSet, DataSetState } from '../data';
import { dataDigest, type DataDigest } from '../data/digest';
import { UserError } from '../base/errors';
import { disposeModel, evaluate, type Evaluation } from './evaluate';
import type { Hyperparameters, LiveSetting } from '../model/hyperparameters';
import { createAugmentation } from '../model/augmentation/augment';
import { createModel, type SequenceClassifier } from '../model/model';
import type { OwnPart, RunSettings } from '../model/run_settings';
import { createOptimizer } from '../optimizers';
import { createRandom } from '../base/random';
import type { Variables } from '../rnn/cell';
import { variablesOf } from '../rnn/weights';
import { restoreVariables, type Checkpoint, type TrainingPosition } from '../runs/checkpoint';
import { tf } from '../tfjs/tensorflow';
import { fitAverage, noAverageOfOwn } from './recipe/weight_average';
import { decayedRate, learningRateAt } from './recipe/learning_rate';
import { ownParts, type OwnParts } from './own_parts';
import { withoutTrace, type TryOut } from './recipe/without_trace';
import { checkSameData } from './same_data';
import { liveValues, type LiveSettings } from './steerable';
import { SharedWeights } from './shared_weights';
import { createTrainStep, type StepResult, type TrainStep } from './train_step';

export interface TrainingData {
  readonly train: DataSet;
  readonly test: DataSet;
}

export interface TrainerOptions extends OwnParts {
  /** Run each step as one graph. Default true. */
  compile?: boolean | CompileOptions;
}

type RateSetting = 'learningRate' | 'manualLearningRate';

/** The moving parts of a training: model, optimizer and data, and how far it has come. It writes nothing. */
export class Trainer {
  readonly model: SequenceClassifier;
  readonly data: TrainingData;
  /** What the user made of it. */
  readonly given: OwnParts;
  private readonly trainStep: TrainStep;
  private readonly compile: boolean;
  /** With the exponential moving average of the model's weights; undefined without `averageDecay`. */
  readonly averagedModel?: SequenceClassifier;
  /** Of a model that the user made. */
  private readonly weights?: SharedWeights;
  private current: RunSettings;
  private digest?: DataDigest;
  private tryingOut = false;
  private epoch = 0;
  private stepInEpoch = 0;
  /** Where the training data stood after the last step. */
  private dataState: DataSetState;

  constructor(settings: RunSettings, data: TrainingData, options: TrainerOptions) {
    const { compile = true, model, optimizer, loss, metrics } = options;
    const { seed } = settings;
    this.current = settings;
    this.compile = compile !== false;
    this.given = { model, optimizer, loss, metrics };
    this.data = { train: data.train.withOrder(createRandom(seed).fork('order')), test: data.test };
    this.dataState = this.data.train.state();
    this.model = model ?? createModel(settings as Hyperparameters, data.train);
    if (settings.averageDecay > 0) {
      if (model) throw noAverageOfOwn();
      this.averagedModel = createModel(settings as Hyperparameters, data.train);
    }
    this.weights = model && new SharedWeights(model.variables);
    this.trainStep = createTrainStep(this.model, {
      ...settings,
      optimizer: optimizer ?? createOptimizer(settings.optimizer!),
      ...{ compile, loss, metrics, augment: createAugmentation(settings.augmentation) },
      average: this.averagedModel && { ...this.averagedModel, decay: settings.averageDecay },
      log: () => {}, // `compiling` tells it to whoever watches
    });
    this.setHyperparameters(settings);
  }

  /** The parts among them that no checkpoint holds. */
  get own(): readonly OwnPart[] {
    return ownParts(this.given);
  }

  /** As they are now. */
  get hyperparameters(): RunSettings {
    return this.current;
  }

  /** How each of the settings that may change during training reaches what it acts on; each step asks for its rate. */
  private readonly apply: Readonly<Record<Exclude<LiveSetting, RateSetting>, (value: number) => void>> = {
    dropout: value => tf.tidy(() => this.model.outputKeepProb?.assign(tf.scalar(1 - value))),
    clipNorm: value => void (this.trainStep.clipNorm = value),
  };

  /** The settings that may change, with their values: without dropout for a model that has it fixed. */
  get settings(): LiveSettings {
    return liveValues(this.current, this.model.outputKeepProb !== undefined);
  }

  /** Change those in `settings`, epochs or testFreq: nothing else can change without another network. */
  setHyperparameters(settings: RunSettings): void {
    this.current = settings;
    for (const [name, apply] of Object.entries(this.apply)) {
      const value = settings[name as LiveSetting];
      if (value !== undefined) apply(value);
    }
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
   * One training step. When it throws, it was not made.
   * @param batch of `data.train`. Default: the next one
   * @returns also the settings that the step changed, by the schedule: the learning rate after an epoch
   */
  async step(batch?: Batch): Promise<StepResult & { set?: { learningRate: number } }> {
    this.checkFree();
    const { train } = this.data;
    const hyperparameters = this.current;
    const { epoch, stepInEpoch } = this;
    const startsEpoch = stepInEpoch === this.stepsPerEpoch;
    const decayed = startsEpoch ? decayedRate(hyperparameters) : undefined;
    const set = decayed === undefined ? undefined : { learningRate: decayed };
    // Together, so that a checkpoint that comes in between does not lower the rate a second time.
    if (startsEpoch) [this.epoch, this.stepInEpoch] = [epoch + 1, 0];
    if (set) this.setHyperparameters({ ...hyperparameters, ...set });
    const { trainStep } = this;
    trainStep.learningRate = learningRateAt(this.current, trainStep.steps, trainStep.steps + this.stepsLeft);
    try {
      const result = await this.using(() => trainStep(batch ?? train.nextBatch(hyperparameters.batchSize)));
      this.stepInEpoch++;
      this.dataState = train.state();
      return { ...result, set };
    } catch (error) {
      train.restore(this.dataState);
      [this.epoch, this.stepInEpoch] = [epoch, stepInEpoch];
      this.setHyperparameters(hyperparameters);
      throw error;
    }
  }

  /** See `withoutTrace`. */
  async tryOut<T>(work: TryOut<T>): Promise<T> {
    this.checkFree();
    const { trainStep, dataState, variables, using } = this;
    const { train } = this.data;
    this.tryingOut = true;
    try {
      const { batchSize } = this.current;
      return await withoutTrace({ trainStep, train, dataState, variables, batchSize, using }, work);
    } finally {
      this.tryingOut = false;
    }
  }

  private checkFree(): void {
    if (!this.tryingOut) return;
    throw new UserError(
      'Expected a run that nobody uses, found its learning rates being tried out: wait for that first',
    );
  }

  /** The network as it is, and with its averaged weights, on all test images. */
  async evaluate(): Promise<Evaluation> {
    const { averagedModel: averaged, compile, given } = this;
    const { loss, metrics } = given;
    const test = (model: SequenceClassifier) => evaluate(model, this.data.test, { compile, loss, metrics });
    const evaluation = await this.using(() => test(this.model));
    return averaged ? Object.assign(evaluation, { average: await test(averaged) }) : evaluation;
  }

  private readonly using = <T>(work: () => Promise<T>): Promise<T> =>
    this.weights ? this.weights.use(work) : work();

  /** Everything that training changes, by name. */
  get variables(): Variables {
    this.weights?.take();
    return this.slotsAndWeights;
  }

  private get slotsAndWeights(): Variables {
    return variablesOf({
      model: this.model,
      optimizer: this.trainStep.slots,
      average: this.averagedModel,
    });
  }

  /** Where it stands, beside its variables. */
  state(): TrainingPosition {
    const { epoch, stepInEpoch, current: hyperparameters, dataState: data, own } = this;
    const dataDigest = this.dataDigest();
    const { rows, columns, numClasses, classNames } = this.data.train;
    const images = { rows, columns, numClasses, ...(classNames && { classNames }) };
    const position = { epoch, stepInEpoch, hyperparameters, data, dataDigest, images };
    return { ...position, ...(own.length > 0 ? { own } : {}) };
  }

  /** Go on from a checkpoint. @throws UserError if it belongs to other data or another network */
  restore(checkpoint: Checkpoint, path: string): void {
    const { data, dataDigest: expected, step, epoch, stepInEpoch, hyperparameters } = checkpoint.info;
    checkSameData(this.data, this.dataDigest(), expected, path);
    const names = Object.keys(this.averagedModel?.variables ?? {});
    const assign = () => restoreVariables(fitAverage(checkpoint, names), this.slotsAndWeights, path);
    if (this.weights) this.weights.replace(assign);
    else assign();
    this.data.train.restore(data);
    this.dataState = data;
    this.trainStep.steps = step;
    this.epoch = epoch;
    // A fork may have another batch size: the same part of the epoch is done.
    this.stepInEpoch = Math.round((stepInEpoch * hyperparameters.batchSize) / this.current.batchSize);
  }

  /** Of data that nobody changes. */
  private dataDigest(): DataDigest {
    return (this.digest ??= dataDigest(this.data));
  }

  /** Free weights, unless the user made them, graphs and what the optimizer remembers. */
  dispose(): void {
    this.trainStep.dispose();
    if (this.weights) this.weights.release();
    else disposeModel(this.model);
    if (this.averagedModel) disposeModel(this.averagedModel);
  }
}
