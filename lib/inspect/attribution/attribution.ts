import { UserError } from '../../base/errors';
import { didYouMean } from '../../base/did_you_mean';
import { readable } from '../../base/readable';
import { indexOfLargest } from '../../base/statistics';
import type { ModelParts } from '../../model/model';
import { tf } from '../../tfjs/tensorflow';
import { withoutTensors } from '../../tfjs/without_tensors';
import { imageTensor, type InspectedImage } from '../image';
import { integratedGradients, type Completeness } from './integrated_gradients';
import { occlusion, type PatchSize } from './occlusion';
import { open, type Inspected } from '../opened';
import { wholeLogits } from '../whole_logits';

export type AttributionMethod = 'gradientTimesInput' | 'integratedGradients' | 'occlusion';
const attributionMethods: readonly AttributionMethod[] = [
  'gradientTimesInput',
  'integratedGradients',
  'occlusion',
];

/** Options of `attribution`. */
export interface AttributionOptions {
  /** Default 'integratedGradients'. */
  method?: AttributionMethod;
  /** The class whose logit is explained. Default: the one that the network answers. */
  target?: number;
  /** Of integrated gradients: points between the black image and this one, to begin with. Default 64. */
  points?: number;
  /** Of occlusion: what is made black at a time, in pixels. Default one row. */
  patch?: PatchSize;
}

/** Which pixels speak for a class, and which against it. */
export interface Attribution {
  readonly method: AttributionMethod;
  readonly image: InspectedImage;
  /** The class whose logit is explained. */
  readonly target: number;
  /** Its logit for the image, and for the black image. */
  readonly logit: number;
  readonly baselineLogit: number;
  /** For each pixel what it adds to the logit, row after row; of a patch that was occluded an equal share for each. */
  readonly values: Float32Array;
  /** The sum over each row. */
  readonly rows: Float32Array;
  /** Of integrated gradients. */
  readonly completeness?: Completeness;
}

/**
 * Which pixels of an image matter for a class, by one of three methods. They answer different questions and disagree:
 *
 * - `gradientTimesInput`: the gradient of the logit by each pixel times the pixel (Shrikumar et al. 2016, "Not just a
 *   black box"). What a small change would do; where a gate is shut, nothing, however much the pixel mattered.
 * - `integratedGradients`: the same, averaged over the way from the black image to this one (Sundararajan et al. 2017,
 *   "Axiomatic attribution for deep networks"). The sum is the difference of the logits at both ends, which is checked.
 * - `occlusion`: how far the logit falls when a row or patch is made black (Zeiler & Fergus 2014, "Visualizing and
 *   understanding convolutional networks"). Two patches that say the same each seem to matter little.
 *
 * @param inspected a model, a run, or a run's folder
 * @param image as `data.example(i)` returns it; black is its baseline
 * @throws UserError for an image of another size, a class or method that there is not, or gradients by symbols
 *
 * @example
 * const { rows } = attribution(run, mnist.test.example(7), { method: 'occlusion' });
 */
export function attribution(
  inspected: Inspected,
  image: InspectedImage,
  { method = 'integratedGradients', target, points = 64, patch }: AttributionOptions = {},
): Attribution {
  const { parts, release } = open(inspected, image);
  try {
    checkMethod(method, parts);
    return withoutTensors(() => {
      const pixels = imageTensor(image);
      const ends = wholeLogits(parts, tf.concat([tf.zerosLike(pixels), pixels], 0));
      const [before, after] = ends.arraySync();
      const chosen = checkTarget(target ?? indexOfLargest(after), after.length);
      const difference = after[chosen] - before[chosen];
      const logitOf = (images: tf.Tensor3D) =>
        tf.squeeze<tf.Tensor1D>(tf.slice(wholeLogits(parts, images), [0, chosen], [-1, 1]), [1]);
      const { values, completeness } = {
        gradientTimesInput: () => ({ values: gradientTimesInput(logitOf, pixels), completeness: undefined }),
        integratedGradients: () => integratedGradients(logitOf, pixels, difference, points),
        occlusion: () => ({
          values: occlusion(logitOf, pixels, after[chosen], patch ?? { rows: 1, columns: image.columns }),
          completeness: undefined,
        }),
      }[method]();
      const record: Attribution = {
        ...{ method, image, target: chosen, logit: after[chosen], baselineLogit: before[chosen], values },
        rows: sumsOfRows(values, image),
        ...(completeness && { completeness }),
      };
      return readable(record, { text: describe });
    });
  } finally {
    release();
  }
}

function gradientTimesInput(
  logitOf: (images: tf.Tensor3D) => tf.Tensor1D,
  pixels: tf.Tensor3D,
): Float32Array {
  const gradient = tf.grad(x => tf.sum(logitOf(x as tf.Tensor3D)))(pixels);
  return tf.mul(gradient, pixels).dataSync<'float32'>().slice();
}

function sumsOfRows(values: Float32Array, { rows, columns }: InspectedImage): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) =>
    values.subarray(row * columns, (row + 1) * columns).reduce((sum, value) => sum + value, 0),
  );
}

function checkMethod(method: AttributionMethod, { sequence }: ModelParts): void {
  if (!attributionMethods.includes(method)) {
    throw new UserError(
      `Expected a method of ${attributionMethods.join(', ')}, found ${String(method)}` +
        didYouMean(String(method), attributionMethods),
    );
  }
  if (sequence.symbols && method !== 'occlusion') {
    throw new UserError(
      `Expected a network that reads brightness as a number, found one that reads it as a symbol: ${method} needs a ` +
        "gradient by the pixels, and a symbol has none; method: 'occlusion' works",
    );
  }
}

function checkTarget(target: number, numClasses: number): number {
  if (Number.isInteger(target) && target >= 0 && target < numClasses) return target;
  throw new UserError(`Expected a target class from 0 to ${numClasses - 1}, found ${String(target)}`);
}

function describe({ method, target, rows, logit, completeness }: Attribution): string {
  const largest = indexOfLargest(rows);
  return (
    `Attribution by ${method} of class ${target}, logit ${logit.toFixed(2)}: row ${largest} speaks most for it` +
    (completeness && !completeness.reached ? `; ${completeness.note}` : '')
  );
}
