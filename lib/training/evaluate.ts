import { setImmediate } from 'node:timers/promises';
import { batchTensors } from '../model/batch_tensors';
import type { DataSet } from '../data';
import { checkTestData } from '../data/check_sets';
import { softmaxCrossEntropy, type Measure, type Metrics } from '../model/loss';
import type { SequenceClassifier } from '../model/model';
import { percent } from '../base/format';
import { throwIfInterrupted } from '../base/interrupt';
import { readable } from '../base/readable';
import { tf } from '../tfjs/tensorflow';
import { checkLogits, finiteMetrics, measureAll, numbersIn } from './measures';
import { averagedOverShifts, countShifts } from './recipe/shifted_model';
import { passGraph, testBatchSize, type PassGraph } from './pass_graph';

/** What a test of a model on a data set found. */
export interface Evaluation {
  readonly numExamples: number;
  /** Part classified wrongly, 0..1. */
  readonly errorRate: number;
  /** Mean loss; of cross-entropy, in nats. */
  readonly meanLoss: number;
  /** Means over the examples of what was asked for besides. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** `confusion[label][prediction]`: how many examples. */
  readonly confusion: number[][];
  /** The class predicted for each example, in the data set's order. */
  readonly predictions: Uint8Array;
  /** Of a run that averages its weights: what the test of those found. */
  readonly average?: Evaluation;
}

export interface EvaluateOptions {
  /**
   * Examples at a time; changes speed and memory, not the result. Default 1000, or 200 for a model that reads long
   * sequences in chunks.
   */
  batchSize?: number;
  /**
   * Test-time averaging: the answer is the mean of the probabilities over all shifts of the image, down and across, by at
   * most so many pixels, (2·shifts + 1)² passes in place of one. Default 0: none.
   */
  shifts?: number;
  /** Run each batch as one TensorFlow graph. Default true. */
  compile?: boolean;
  /** Default `softmaxCrossEntropy`. */
  loss?: Measure;
  /** What is measured besides. Default none. */
  metrics?: Metrics;
}

/**
 * Go over ALL examples once, in order, without dropout. The original program averages over random batches; this is
 * exact, and the same model on the same data always gives the same numbers.
 * @throws UserError for a data set without images, or one that does not fit the model
 */
export async function evaluate(
  model: SequenceClassifier,
  data: DataSet,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { shifts = 0, compile: compiled = true } = options;
  const { batchSize = Math.ceil(testBatchSize(model) / countShifts(shifts)) } = options;
  const { loss = softmaxCrossEntropy, metrics = noMetrics } = options;
  checkTestData(data, model.madeFor);
  const tested = shifts > 0 ? averagedOverShifts(model, shifts) : model;
  const classify = compiled ? compiledClassifier(tested, loss, metrics) : classifierOf(tested, loss, metrics);
  const { numExamples, numClasses } = data;
  const predictions = new Uint8Array(numExamples);
  const confusion = Array.from({ length: numClasses }, () => new Array<number>(numClasses).fill(0));
  const means: Record<string, number> = {};
  let totalLoss = 0;
  let done = 0;
  for (const batch of data.batches(batchSize)) {
    throwIfInterrupted();
    const { images, labels } = batchTensors(batch);
    const result = classify(images, labels);
    totalLoss += result.loss.dataSync()[0] * batch.size;
    for (const [name, value] of Object.entries(numbersIn(result.measured))) {
      means[name] = (means[name] ?? 0) + (value * batch.size) / numExamples;
    }
    predictions.set(result.predicted.dataSync(), done);
    done += batch.size;
    tf.dispose([images, labels, result]);
    await setImmediate(); // let the notebook answer meanwhile
  }
  if (tested !== model) classifiers.get(tested)?.graph.dispose();
  predictions.forEach((prediction, i) => confusion[data.label(i)][prediction]++);
  const correct = confusion.reduce((sum, row, label) => sum + row[label], 0);
  const evaluation: Evaluation = {
    numExamples,
    errorRate: (numExamples - correct) / numExamples,
    meanLoss: totalLoss / numExamples,
    ...finiteMetrics(means),
    confusion,
    predictions,
  };
  return readable(evaluation, {
    text: ({ numExamples, errorRate, meanLoss }) =>
      `Evaluation of ${numExamples} images: ${percent(errorRate)} wrong, mean loss ${meanLoss.toFixed(4)} nats`,
  });
}

const noMetrics: Metrics = {};

type Classify = (
  images: tf.Tensor3D,
  labels: tf.Tensor2D,
) => { loss: tf.Scalar; predicted: tf.Tensor1D; measured: Record<string, tf.Scalar> };

const classifierOf =
  (model: SequenceClassifier, loss: Measure, metrics: Metrics): Classify =>
  (images, labels) =>
    tf.tidy(() => {
      const logits = model.logits(images);
      checkLogits(logits, labels);
      return {
        loss: loss(logits, labels),
        predicted: tf.argMax(logits, 1),
        measured: measureAll(metrics, logits, labels),
      };
    });

interface Compiler {
  readonly loss: Measure;
  readonly metrics: Metrics;
  readonly graph: PassGraph<Parameters<Classify>, ReturnType<Classify>>;
}

/** A model is evaluated many times: its graphs are kept with it, for the loss and the metrics of the last time. */
const classifiers = new WeakMap<SequenceClassifier, Compiler>();

function compiledClassifier(model: SequenceClassifier, loss: Measure, metrics: Metrics): Classify {
  const existing = classifiers.get(model);
  if (existing?.loss === loss && existing.metrics === metrics) return existing.graph.run;
  existing?.graph.dispose();
  const graph = passGraph(model, classifierOf(model, loss, metrics), true, { name: 'evaluation' });
  classifiers.set(model, { loss, metrics, graph });
  return graph.run;
}

/** Free a model's weights, its graphs and those of its evaluation: for programs that make many models. */
export function disposeModel(model: SequenceClassifier): void {
  classifiers.get(model)?.graph.dispose();
  model.disposeGraphs?.();
  tf.dispose([{ ...model.variables }, model.outputKeepProb]);
}
