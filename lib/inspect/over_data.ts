import { setImmediate } from 'node:timers/promises';
import { UserError } from '../base/errors';
import { throwIfInterrupted } from '../base/interrupt';
import type { Batch, DataSet } from '../data';
import { batchTensors } from '../model/batch_tensors';
import { tf } from '../tfjs/tensorflow';
import { withoutTensors } from '../tfjs/without_tensors';

/**
 * What `work` finds in each batch of a data set, in its order; in between the notebook can answer.
 * @param work gets images [batch, rows, columns], 0..1; within `tf.tidy`, and without tensors in its result
 * @throws UserError for a data set without images
 */
export async function overData<T>(
  data: DataSet,
  batchSize: number,
  work: (images: tf.Tensor3D, batch: Batch) => T,
): Promise<T[]> {
  if (data.numExamples === 0) throw new UserError('Expected a data set with images, found an empty one');
  const found: T[] = [];
  for (const batch of data.batches(batchSize)) {
    throwIfInterrupted();
    found.push(
      withoutTensors(() => {
        const { images, labels } = batchTensors(batch);
        labels.dispose();
        return work(images, batch);
      }),
    );
    await setImmediate();
  }
  return found;
}

/** The first `examples` of them, if there are as many. */
export function firstOf(data: DataSet, examples: number): DataSet {
  if (!Number.isInteger(examples) || examples < 1) {
    throw new UserError(`Expected a positive integer as the number of examples, found ${examples}`);
  }
  return examples < data.numExamples ? data.take(examples) : data;
}
