import { UserError } from '../../base/errors';
import { range } from '../../base/range';
import type { SequenceClassifier } from '../../model/model';
import { tf } from '../../tfjs/tensorflow';

/** More would move the digit out of its image. */
const most = 10;

/** The smallest float32 that is not denormal: the logarithm of a probability of 0 would not be a number to go on with. */
const least = 1.2e-38;

/** How many shifted images stand for one. @throws UserError unless shifts is an integer from 0 to 10 */
export function countShifts(shifts: number): number {
  if (!Number.isInteger(shifts) || shifts < 0 || shifts > most) {
    throw new UserError(`Expected an integer from 0 to ${most} as shifts, in pixels, found ${shifts}`);
  }
  return (2 * shifts + 1) ** 2;
}

/**
 * A model that answers with the mean of the probabilities over all shifts of an image, down and across, by at most so many
 * whole pixels; black comes in. Its weights are those of the model.
 */
export function averagedOverShifts(model: SequenceClassifier, shifts: number): SequenceClassifier {
  const count = countShifts(shifts);
  const { variables, inChunks, madeFor } = model;
  return {
    ...{ variables, inChunks, madeFor },
    logits: (images, pass) =>
      tf.tidy(() => {
        const [batch, rows, columns] = images.shape;
        const sides = [shifts, shifts] as [number, number];
        const padded = tf.pad(images, [[0, 0], sides, sides]);
        const starts = range(2 * shifts + 1);
        const shifted = starts.flatMap(down =>
          starts.map(across => tf.slice(padded, [0, down, across], [batch, rows, columns])),
        );
        const logits = model.logits(tf.concat(shifted, 0), pass);
        const probabilities = tf.reshape(tf.softmax(logits), [count, batch, -1]);
        return tf.log(tf.maximum(tf.mean(probabilities, 0), least)) as tf.Tensor2D;
      }),
  };
}
