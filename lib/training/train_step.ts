import { setImmediate } from 'node:timers/promises';
import { batchTensors } from '../model/batch_tensors';
import type { CompileOptions } from '../compile/compile';
import type { Batch } from '../data';
import type { Augmentation } from '../model/augmentation/augmentations';
import { augmentationSeed } from '../model/augmentation/augment';
import { errorRate, smoothLabels, softmaxCrossEntropy, type Measure, type Metrics } from '../model/loss';
import type { SequenceClassifier } from '../model/model';
import { clipByGlobalNorm, type UpdateRule } from '../optimizers';
import { createRandom } from '../base/random';
import { readable } from '../base/readable';
import type { Variables } from '../rnn/cell';
import { Pass } from '../rnn/pass';
import { throwIfInterrupted } from '../base/interrupt';
import { tf } from '../tfjs/tensorflow';
import { checkLogits, checkVariables, finiteMetrics, measureAll, numbersIn } from './measures';
import { passGraph } from './pass_graph';
import { decayAt, moveAverage, type WeightAverage } from './recipe/weight_average';

export interface TrainStepOptions {
  optimizer: UpdateRule;
  learningRate: number;
  /** What is made smaller. Default `softmaxCrossEntropy`. */
  loss?: Measure;
  /** What is measured besides, with dropout on. Default none. */
  metrics?: Metrics;
  /** Largest global norm of the gradient; 0, the default, does not clip. */
  clipNorm?: number;
  /** What is done to the images of a step, at random. Default: nothing. */
  augment?: Augmentation;
  /** Fraction of each label that is spread over all classes, for the loss alone. Default 0. */
  labelSmoothing?: number;
  /** Takes an exponential moving average of the weights. Default: none. */
  average?: WeightAverage;
  /** Decides the dropout masks and the augmentation. Default 0. */
  seed?: number;
  /**
   * Run the step as one TensorFlow graph, which is much faster; options say how. `false` gives the same numbers.
   * A model that reads long sequences in chunks compiles those itself. Default true.
   */
  compile?: boolean | CompileOptions;
  /** Takes the line that says that the first step is being compiled. Default console.log. */
  log?: (line: string) => void;
}

/** What one training step measured, before the update. */
export interface StepResult {
  readonly loss: number;
  /** Fraction of the batch, 0..1. */
  readonly errorRate: number;
  readonly learningRate: number;
  /** Global norm of the gradient, before clipping; missing where it is not finite. */
  readonly gradientNorm?: number;
  /** What was asked for besides. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/**
 * Forward, loss, gradient and update with one batch. The loss and the error rate are those before the update.
 * Waiting for it lets other work have its turn, such as a notebook's messages: before the step, never between the
 * update and the return.
 */
export interface TrainStep {
  (batch: Batch): Promise<StepResult>;
  /** May be changed from one step to the next: both are inputs of the graph. */
  learningRate: number;
  clipNorm: number;
  /** Steps made so far. It decides the dropout masks and Adam's correction; a checkpoint sets it. */
  steps: number;
  /** What the optimizer remembers, by name of variable and slot: `cell_0/gates/kernel/ms`. */
  readonly slots: Variables;
  /** What comes first at the next step, and takes seconds: that it is made into a graph. Undefined when that is done. */
  readonly compiling?: string;
  /** Free what the optimizer remembers and the graph; the model stays. */
  dispose(): void;
}

/** Everything that changes from one step to the next comes in as a tensor. */
interface StepInputs {
  images: tf.Tensor3D;
  labels: tf.Tensor2D;
  /** int32 [2]: run and step */
  seed: tf.Tensor1D;
  /** int32 [2]; only with augmentation */
  augmentationSeed?: tf.Tensor1D;
  learningRate: tf.Scalar;
  clipNorm: tf.Scalar;
  /** 1 for the first step */
  step: tf.Scalar;
  /** Of the average of the weights; only where there is one */
  averageDecay?: tf.Scalar;
}

/** One training step for this model, as a function of a batch. */
export function createTrainStep(model: SequenceClassifier, options: TrainStepOptions): TrainStep {
  const { optimizer, seed = 0, compile: compiled = true, log = console.log } = options;
  const { loss = softmaxCrossEntropy, metrics = {}, augment, labelSmoothing = 0, average } = options;
  const weights = distinct(model.variables);
  const slots = createSlots(weights, optimizer);
  const dropoutSeed = createRandom(seed)
    .fork('dropout')
    .integer(2 ** 31);
  const parts = { model, weights, optimizer, slots, loss, metrics, augment, labelSmoothing, average };
  const eager = (inputs: StepInputs) => tf.tidy(() => update(parts, inputs));
  const compileOptions = { name: 'training step', ...(typeof compiled === 'object' ? compiled : {}) };
  const graph = passGraph(model, eager, compiled !== false, compileOptions);
  let first = true;

  async function step(batch: Batch): Promise<StepResult> {
    await setImmediate();
    throwIfInterrupted();
    const { learningRate, clipNorm } = trainStep;
    const steps = ++trainStep.steps;
    if (trainStep.compiling) log(trainStep.compiling);
    first = false;
    const inputs = {
      ...batchTensors(batch),
      seed: tf.tensor1d([dropoutSeed, steps], 'int32'),
      ...(augment ? { augmentationSeed: augmentationSeed(seed, steps) } : {}),
      learningRate: tf.scalar(learningRate),
      clipNorm: tf.scalar(clipNorm),
      step: tf.scalar(steps),
      ...(average ? { averageDecay: tf.scalar(decayAt(average, steps)) } : {}),
    };
    const result = graph.run(inputs);
    try {
      return {
        loss: result.loss.dataSync()[0],
        errorRate: result.errorRate.dataSync()[0],
        learningRate,
        ...finiteNorm(result.gradientNorm.dataSync()[0]),
        ...finiteMetrics(numbersIn(result.metrics)),
      };
    } finally {
      tf.dispose([inputs, result]);
    }
  }
  const { learningRate, clipNorm = 0 } = options;
  const dispose = () => {
    tf.dispose(slots);
    graph.dispose();
  };
  const trainStep: TrainStep = Object.assign(step, { slots, learningRate, clipNorm, steps: 0, dispose });
  Object.defineProperty(trainStep, 'compiling', { get: () => (first ? graph.compiling : undefined) });
  return readable(trainStep, {
    text: ({ steps, learningRate }) => `TrainStep: step ${steps}, learning rate ${learningRate}`,
  });
}

const finiteNorm = (gradientNorm: number) => (Number.isFinite(gradientNorm) ? { gradientNorm } : {});

/** A variable under two names, which two layers share, is one: its gradient is that of both, and it moves once a step. */
function distinct(variables: Variables): Variables {
  const first = new Map(
    Object.entries(variables)
      .reverse()
      .map(([name, variable]) => [variable, name]),
  );
  return Object.fromEntries(
    Object.entries(variables).filter(([name, variable]) => first.get(variable) === name),
  );
}

function createSlots(variables: Variables, { slots }: UpdateRule): Variables {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, variable]) =>
      Object.entries(slots).map(([slot, start]) => [
        `${name}/${slot}`,
        tf.tidy(() => tf.variable(tf.fill(variable.shape, start), false)),
      ]),
    ),
  );
}

/** What a step is made of. */
interface StepParts {
  model: SequenceClassifier;
  weights: Variables;
  optimizer: UpdateRule;
  slots: Variables;
  loss: Measure;
  metrics: Metrics;
  augment?: Augmentation;
  labelSmoothing: number;
  average?: WeightAverage;
}

/** The arithmetic of a step; assigns the new values to the variables and slots. */
function update(
  { model, weights, optimizer, slots, loss, metrics, augment, labelSmoothing, average }: StepParts,
  { images, labels, seed, augmentationSeed, learningRate, clipNorm, step, averageDecay }: StepInputs,
) {
  const names = Object.keys(weights);
  const variables = Object.values(weights);
  const seen = augment && augmentationSeed ? augment(images, augmentationSeed) : images;
  const targets = labelSmoothing > 0 ? smoothLabels(labels, labelSmoothing) : labels;
  let measured: { errorRate: tf.Scalar; metrics: Record<string, tf.Scalar> } | undefined;
  const { value, grads } = tf.variableGrads(() => {
    const logits = model.logits(seen, new Pass(seed));
    checkLogits(logits, labels);
    measured = { errorRate: errorRate(logits, labels), metrics: measureAll(metrics, logits, labels) };
    [measured.errorRate, ...Object.values(measured.metrics)].forEach(scalar => tf.keep(scalar));
    const value = loss(logits, targets);
    checkVariables(weights);
    return value;
  }, variables);
  const { clipped, globalNorm: gradientNorm } = clipByGlobalNorm(
    variables.map(variable => grads[variable.name]),
    clipNorm,
  );
  names.forEach((name, i) => {
    const own = Object.fromEntries(
      Object.keys(optimizer.slots).map(slot => [slot, slots[`${name}/${slot}`]]),
    );
    const { delta, slots: newSlots } = optimizer.update(clipped[i], own, learningRate, step, variables[i]);
    const updated = tf.sub(variables[i], delta);
    if (average && averageDecay) moveAverage(average.variables[name], updated, averageDecay);
    variables[i].assign(updated);
    for (const [slot, value] of Object.entries(newSlots)) own[slot].assign(value);
  });
  return { loss: value, gradientNorm, ...measured! };
}
