import type { Batch } from '../data';
import { tf } from '../tfjs/tensorflow';

/**
 * A batch as tensors; whoever asks disposes them.
 * @returns images [batch, rows, columns], 0..1; labels [batch, classes], one-hot
 */
export function batchTensors(batch: Batch): { images: tf.Tensor3D; labels: tf.Tensor2D } {
  const { size, rows, columns, numClasses } = batch;
  const images = tf.tensor3d(batch.images, [size, rows, columns]);
  const labels = batch.oneHot
    ? tf.tensor2d(batch.labels, [size, numClasses])
    : tf.tidy(() => tf.oneHot(tf.tensor1d(batch.labels, 'int32'), numClasses).toFloat() as tf.Tensor2D);
  return { images, labels };
}
