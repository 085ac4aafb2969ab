import type { DataSet } from '../data';
import { batchTensors } from '../model/batch_tensors';
import type { ModelParts } from '../model/model';
import { dynamicRnn } from '../rnn/unroll/dynamic_rnn';
import { stateGradientNorms } from '../rnn/unroll/state_gradients';
import { tf } from '../tfjs/tensorflow';
import { withoutTensors } from '../tfjs/without_tensors';
import { open, type Inspected } from './opened';
import { firstOf } from './over_data';

/** How strongly the loss depends on the state before each time step. */
export interface DirectionNorms {
  readonly direction: 'forward' | 'backward';
  /** By time step in the order in which this direction reads: the last is nearest to the loss. */
  readonly norms: readonly number[];
}

/** Options of `trainedGradientNorms`. */
export interface TrainedGradientNormsOptions {
  /** How many images, from the first. Default 100. */
  examples?: number;
}

/**
 * `stateGradientNorms` of a network as it is, trained or not: the norm of ∂loss/∂state at each time step, the loss being
 * the cross-entropy with the right class, a mean over the images. For each direction all layers together.
 * @param inspected a model, a run, or a run's folder
 * @throws UserError for images of another size, or a model that does not say what it is made of
 *
 * @example
 * const [{ norms }] = trainedGradientNorms(run, mnist.test);
 * await show(gradientNorms([{ name: 'after training', norms }]));
 */
export function trainedGradientNorms(
  inspected: Inspected,
  data: DataSet,
  { examples = 100 }: TrainedGradientNormsOptions = {},
): DirectionNorms[] {
  const { parts, release } = open(inspected, data);
  try {
    const [batch] = firstOf(data, examples).batches(examples);
    return withoutTensors(() => {
      const { images, labels } = batchTensors(batch);
      const steps = parts.sequence.read(images);
      const reversed = [...steps].reverse();
      const { forward, backward } = parts;
      const there = backward ? dynamicRnn(forward, steps).outputs : [];
      const back = backward ? dynamicRnn(backward, reversed).outputs : [];
      const loss = (f: readonly tf.Tensor2D[], b: readonly tf.Tensor2D[]) =>
        crossEntropy(parts, labels, f, b);
      const norms: DirectionNorms[] = [
        { direction: 'forward', norms: stateGradientNorms(forward, steps, (_, own) => loss(own, back)) },
      ];
      if (backward) {
        const own = stateGradientNorms(backward, reversed, (_, outputs) => loss(there, outputs));
        norms.push({ direction: 'backward', norms: own });
      }
      return norms;
    });
  } finally {
    release();
  }
}

/**
 * Of each example, [batch].
 * @param backward in the order in which it reads; empty for one direction
 */
function crossEntropy(
  { pooling, output }: ModelParts,
  labels: tf.Tensor2D,
  forward: readonly tf.Tensor2D[],
  backward: readonly tf.Tensor2D[],
): tf.Tensor {
  const last = forward.length - 1;
  const join = (f: tf.Tensor2D, b: tf.Tensor2D | undefined) => (b ? tf.concat<tf.Tensor2D>([f, b], 1) : f);
  const outputs = forward.map((f, t) => join(f, backward[last - t]));
  const pooled = pooling.pool(outputs, join(forward[last], backward[last]));
  return tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(output.call(pooled))), 1));
}
