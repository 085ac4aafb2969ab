import type { ModelParts } from '../model/model';
import { inference, type Pass } from '../rnn/pass';
import { readBothWays } from '../rnn/unroll/bidirectional_rnn';
import { dynamicRnn } from '../rnn/unroll/dynamic_rnn';
import type { RNNCell } from '../rnn/cell';
import { tf } from '../tfjs/tensorflow';

/**
 * The logits after the whole image, with gradients into the image: a model's own `logits` has none where it reads a long
 * sequence in chunks.
 * @param images [batch, rows, columns], 0..1
 * @param pass `inspection` computes each step by its equations, never by one kernel. Default `inference`
 * @returns [batch, classes]; to be called within `tf.tidy`
 */
export function wholeLogits(
  { sequence, forward, backward, pooling, output }: ModelParts,
  images: tf.Tensor3D,
  pass: Pass = inference,
) {
  const steps = sequence.read(images);
  const unrollWith = (cell: RNNCell) => (inputs: readonly tf.Tensor2D[]) => dynamicRnn(cell, inputs, pass);
  const { outputs, lastOutput } = backward
    ? readBothWays(unrollWith(forward), unrollWith(backward), steps, pass)
    : dynamicRnn(forward, steps, pass);
  return output.call(pooling.pool(outputs, lastOutput));
}
