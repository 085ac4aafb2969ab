import { setImmediate } from 'node:timers/promises';
import { batchTensors } from './batch_tensors';
import type { DataSet } from './data';
import { softmaxCrossEntropy } from './loss';
import type { SequenceClassifier } from './model';
import { tf } from './tensorflow';

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
 * @param options.batchSize examples at a time; changes speed and memory, not the result. Default 1000.
 */
export async function evaluate(
  model: SequenceClassifier,
  data: DataSet,
  { batchSize = 1000 }: { batchSize?: number } = {},
): Promise<Evaluation> {
  const { numExamples, numClasses } = data;
  const predictions = new Uint8Array(numExamples);
  const confusion = Array.from({ length: numClasses }, () => new Array<number>(numClasses).fill(0));
  let totalLoss = 0;
  let done = 0;
  for (const batch of data.batches(batchSize)) {
    const { images, labels } = batchTensors(batch);
    const { loss, predicted } = tf.tidy(() => {
      const logits = model.logits(images);
      return { loss: softmaxCrossEntropy(logits, labels), predicted: tf.argMax(logits, 1) };
    });
    totalLoss += loss.dataSync()[0] * batch.size;
    predictions.set(predicted.dataSync(), done);
    done += batch.size;
    tf.dispose([images, labels, loss, predicted]);
    await setImmediate(); // let the notebook answer meanwhile
  }
  predictions.forEach((prediction, i) => confusion[data.label(i)][prediction]++);
  const correct = confusion.reduce((sum, row, label) => sum + row[label], 0);
  return {
    numExamples,
    errorRate: (numExamples - correct) / numExamples,
    meanLoss: totalLoss / numExamples,
    confusion,
    predictions,
  };
}
