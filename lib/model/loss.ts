import { tf } from '../tfjs/tensorflow';

/**
 * A number that says how far logits are from labels, as a mean over the batch.
 * @param logits [batch, classes], before softmax
 * @param labels [batch, classes], one-hot
 */
export type Measure = (logits: tf.Tensor2D, labels: tf.Tensor2D) => tf.Scalar;

/** What is measured beside loss and error rate, by name. */
export type Metrics = Readonly<Record<string, Measure>>;

/**
 * Mean over the batch of −Σ labels·log softmax(logits), in nats (TensorFlow: softmax_cross_entropy_with_logits).
 * @param logits [batch, classes]
 * @param labels [batch, classes], one-hot
 */
export function softmaxCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor2D): tf.Scalar {
  return tf.losses.softmaxCrossEntropy(labels, logits);
}

/**
 * Label smoothing (Szegedy et al. 2016): (1 − ε)·labels + ε/classes. A loss by such labels does not go down to zero.
 * @param labels [batch, classes], one-hot
 * @param smoothing ε, 0 to below 1
 * @returns [batch, classes]
 */
export function smoothLabels(labels: tf.Tensor2D, smoothing: number): tf.Tensor2D {
  return tf.tidy(() => tf.add(tf.mul(labels, 1 - smoothing), smoothing / labels.shape[1]));
}

/**
 * The fraction of the batch whose largest logit is not the label's, 0..1.
 * @param logits [batch, classes]
 * @param labels [batch, classes], one-hot
 */
export function errorRate(logits: tf.Tensor2D, labels: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const wrong = tf.notEqual(tf.argMax(logits, 1), tf.argMax(labels, 1));
    return tf.mean(tf.cast(wrong, 'float32'));
  });
}
