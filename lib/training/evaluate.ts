import { setImmediate } from 'node:timers/promises';
import { batchTensors } from '../model/batch_tensors';
import { compile, type Compiled } from '../compile/compile';
import type { DataSet } from '../data';
import { checkTestData } from '../data/check_sets';
import { softmaxCrossEntropy } from '../model/loss';
import type { SequenceClassifier } from '../model/model';
import { percent } from '../base/format';
import { throwIfInterrupted } from '../base/interrupt';
import { readable } from '../base/readable';
import { tf } from '../tfjs/tensorflow';

export interface Evaluation {
  readonly numExamples: number;
  /** Part classified wrongly, 0..1. */
  readonly errorRate: number;
  /** Mean cross-entropy, in nats. */
  readonly meanLoss: number;
  /** `confusion[label][prediction]`: how many examples. */
  readonly confusion: number[][];
  /** The class predicted for each example, in the data set's order. */
  readonly predictions: Uint8Array;
}

/**
 * Go over ALL examples once, in order, without dropout. The original program averages over random batches; this is
 * exact, and the same model on the same data always gives the same numbers.
 * @param options.batchSize examples at a time; changes speed and memory, not the result. Default 1000,
 * or 200 for a model that reads long sequences in chunks.
 * @param options.compile run each batch as one TensorFlow graph. Default true.
 * @throws UserError for a data set without images, or one that does not fit the model
 */
export async function evaluate(
  model: SequenceClassifier,
  data: DataSet,
  {
    batchSize = model.inChunks ? 200 : 1000,
    compile: compiled = true,
  }: { batchSize?: number; compile?: boolean } = {},
): Promise<Evaluation> {
  checkTestData(data, model.madeFor);
  const classify = compiled && !model.inChunks ? compiledClassifier(model) : classifierOf(model);
  const { numExamples, numClasses } = data;
  const predictions = new Uint8Array(numExamples);
  const confusion = Array.from({ length: numClasses }, () => new Array<number>(numClasses).fill(0));
  let totalLoss = 0;
  let done = 0;
  for (const batch of data.batches(batchSize)) {
    throwIfInterrupted();
    const { images, labels } = batchTensors(batch);
    const { loss, predicted } = classify(images, labels);
    totalLoss += loss.dataSync()[0] * batch.size;
    predictions.set(predicted.dataSync(), done);
    done += batch.size;
    tf.dispose([images, labels, loss, predicted]);
    await setImmediate(); // let the notebook answer meanwhile
  }
  predictions.forEach((prediction, i) => confusion[data.label(i)][prediction]++);
  const correct = confusion.reduce((sum, row, label) => sum + row[label], 0);
  const evaluation: Evaluation = {
    numExamples,
    errorRate: (numExamples - correct) / numExamples,
    meanLoss: totalLoss / numExamples,
    confusion,
    predictions,
  };
  return readable(evaluation, {
    text: ({ numExamples, errorRate, meanLoss }) =>
      `Evaluation of ${numExamples} images: ${percent(errorRate)} wrong, mean loss ${meanLoss.toFixed(4)} nats`,
  });
}

type Classify = (images: tf.Tensor3D, labels: tf.Tensor2D) => { loss: tf.Scalar; predicted: tf.Tensor1D };

const classifierOf =
  (model: SequenceClassifier): Classify =>
  (images, labels) =>
    tf.tidy(() => {
      const logits = model.logits(images);
      return { loss: softmaxCrossEntropy(logits, labels), predicted: tf.argMax(logits, 1) };
    });

/** A model is evaluated many times: its graphs are kept with it. */
const classifiers = new WeakMap<SequenceClassifier, Compiled<Parameters<Classify>, ReturnType<Classify>>>();

function compiledClassifier(model: SequenceClassifier): Classify {
  const existing = classifiers.get(model);
  if (existing) return existing;
  const classifier = compile(classifierOf(model), { name: 'evaluation' });
  classifiers.set(model, classifier);
  return classifier;
}

/** Free a model's weights, its graphs and those of its evaluation: for programs that make many models. */
export function disposeModel(model: SequenceClassifier): void {
  classifiers.get(model)?.dispose();
  model.disposeGraphs?.();
  tf.dispose([{ ...model.variables }, model.outputKeepProb]);
}
