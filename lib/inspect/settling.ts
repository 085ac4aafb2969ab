import { median } from '../base/statistics';
import { percent } from '../base/format';
import { range } from '../base/range';
import { readable } from '../base/readable';
import type { DataSet } from '../data';
import type { ModelParts } from '../model/model';
import { dynamicRnn } from '../rnn/unroll/dynamic_rnn';
import { tf } from '../tfjs/tensorflow';
import { answers, settledStep } from './answers';
import { open, type Inspected } from './opened';
import { firstOf, overData } from './over_data';

/** When a network makes up its mind. */
export interface Settling {
  readonly numExamples: number;
  readonly numSteps: number;
  /** `errorByStep[step]`: the part answered wrongly if each image ended after this step, 0..1. */
  readonly errorByStep: readonly number[];
  /** For each image the first step from which on the answer stays what it is at the end, 0 for the first. */
  readonly settledAt: Uint16Array;
  /** Of `settledAt`. */
  readonly median: number;
}

/** Options of `settling`. */
export interface SettlingOptions {
  /** How many images, from the first. Default: all. */
  examples?: number;
}

/** Images in one pass; in both directions each becomes as many sequences as it has steps. */
const batchSizeOf = ({ backward }: ModelParts) => (backward ? 20 : 200);

/**
 * At which time step the network's answer is settled, image by image, and how often it would be wrong if it had to
 * answer after each step.
 * @param inspected a model, a run, or a run's folder
 * @throws UserError for images of another size, or a model that does not say what it is made of
 *
 * @example
 * const { median, errorByStep } = await settling(run, mnist.test);
 */
export async function settling(
  inspected: Inspected,
  data: DataSet,
  { examples = data.numExamples }: SettlingOptions = {},
): Promise<Settling> {
  const { parts, release } = open(inspected, data);
  try {
    const all = firstOf(data, examples);
    const found = await overData(all, batchSizeOf(parts), images => classesByStep(parts, images));
    const classes = found.flat();
    const numSteps = classes[0].length;
    const settledAt = Uint16Array.from(classes, settledStep);
    const wrongAt = (t: number) => classes.filter((steps, i) => steps[t] !== all.label(i)).length;
    const record: Settling = {
      numExamples: classes.length,
      numSteps,
      errorByStep: range(numSteps).map(t => wrongAt(t) / classes.length),
      settledAt,
      median: median([...settledAt]),
    };
    return readable(record, { text: describe });
  } finally {
    release();
  }
}

/** For each image the class that is answered after each step; to be called within `tf.tidy`. */
export function classesByStep(parts: ModelParts, images: tf.Tensor3D): Int32Array[] {
  const steps = parts.sequence.read(images);
  const { outputs } = dynamicRnn(parts.forward, steps);
  const classes = answers(parts, steps, outputs).map(logits => tf.argMax(logits, 1).dataSync<'int32'>());
  return range(images.shape[0]).map(i => Int32Array.from(classes, step => step[i]));
}

function describe({ numExamples, numSteps, median: half, errorByStep }: Settling): string {
  return (
    `Settling of ${numExamples} images: half of the answers are settled after step ${half + 1} of ${numSteps}, ` +
    `and ${percent(errorByStep[numSteps - 1])} are wrong at the end`
  );
}
