import { UserError } from '../base/errors';
import { readable } from '../base/readable';
import { indexOfLargest } from '../base/statistics';
import type { DataSet } from '../data';
import { tf } from '../tfjs/tensorflow';
import { withoutTensors } from '../tfjs/without_tensors';
import { pixelsOf } from '../data/batch';
import { open, type Inspected, type Opened } from './opened';
import { overData } from './over_data';
import { meanImages, repair, type Repair } from './repair';
import { settledStep } from './answers';
import { classesByStep } from './settling';

/** An image that a network finds hard. */
export interface HardImage {
  /** Its place in the data set. */
  readonly index: number;
  readonly label: number;
  readonly prediction: number;
  /** Cross-entropy, in nats. */
  readonly loss: number;
  /** By class, 0..1. */
  readonly probabilities: Float32Array;
  /** The time step from which on the answer was what it is at the end, 0 for the first: where the belief turned. */
  readonly turnedAt: number;
}

export interface Mistake extends HardImage {
  /** Rows that turn it back when taken from the mean image of the right class; undefined if not even all do. */
  readonly repair?: Repair;
}

export interface ConfusedPair {
  readonly label: number;
  readonly prediction: number;
  readonly count: number;
}

/** What a network finds hard in a data set. */
export interface Hardest {
  readonly numExamples: number;
  /** All mistakes, of which the worst are listed. */
  readonly numMistakes: number;
  /** Those with the largest loss first. */
  readonly mistakes: readonly Mistake[];
  /** Right answers with the largest loss first. */
  readonly nearMistakes: readonly HardImage[];
  /** Most frequent first. */
  readonly confusedPairs: readonly ConfusedPair[];
  /** The images that every network given takes for something else, by their index. Of one alone: its mistakes. */
  readonly alwaysWrong: readonly number[];
}

/** Options of `hardest`. */
export interface HardestOptions {
  /** How many mistakes, near-mistakes and pairs at most. Default 20. */
  count?: number;
  /** What the mean images of the classes are taken from, such as the training images. Default: the data themselves. */
  means?: DataSet;
}

const batchSize = 500;

/**
 * The worst mistakes of a network, what it nearly got wrong, and what it confuses; and for each mistake where its belief
 * turned, and the smallest set of rows that is to blame: taken from the mean image of the right class, they turn the
 * answer back. Sets of one and two rows are all tried, larger ones are built greedily; `search` says which.
 * @param inspected a model, a run, or a run's folder; or several, such as other seeds: then the first is described, and
 * `alwaysWrong` has what all of them get wrong
 * @throws UserError for images of another size, or a model that does not say what it is made of
 *
 * @example
 * const { mistakes, alwaysWrong } = await hardest([run, faster], mnist.test, { means: mnist.train });
 */
export async function hardest(
  inspected: Inspected | readonly Inspected[],
  data: DataSet,
  { count = 20, means = data }: HardestOptions = {},
): Promise<Hardest> {
  const all = (Array.isArray(inspected) ? inspected : [inspected]) as readonly Inspected[];
  if (all.length === 0)
    throw new UserError('Expected at least one network to look into, found an empty list');
  const opened: Opened[] = [];
  try {
    for (const each of all) opened.push(open(each, data));
    const images: Answer[][] = [];
    for (const each of opened) images.push(await answersOf(each, data));
    const [own] = images;
    const byLoss = [...own].sort((a, b) => b.loss - a.loss);
    const wrong = byLoss.filter(isWrong);
    const right = byLoss.filter(each => !isWrong(each)).slice(0, count);
    const centres = meanImages(means);
    const withTurns = (some: readonly Answer[]) => some.map(each => withTurn(opened[0], data, each));
    const record: Hardest = {
      numExamples: data.numExamples,
      numMistakes: wrong.length,
      mistakes: withTurns(wrong.slice(0, count)).map(each => {
        const found = repair(opened[0].model, data.example(each.index), centres[each.label]);
        return { ...each, ...(found && { repair: found }) };
      }),
      nearMistakes: withTurns(right),
      confusedPairs: pairsOf(wrong).slice(0, count),
      alwaysWrong: own
        .filter((_, i) => images.every(answers => isWrong(answers[i])))
        .map(({ index }) => index),
    };
    return readable(record, { text: describe });
  } finally {
    opened.forEach(({ release }) => release());
  }
}

/** What a network says to an image. */
export type Answer = Omit<HardImage, 'turnedAt'>;

export const isWrong = ({ label, prediction }: Answer) => label !== prediction;

/** What a network says to each image, in their order. */
export async function answersOf({ model }: Pick<Opened, 'model'>, data: DataSet): Promise<Answer[]> {
  const found = await overData(data, batchSize, (images, { indices }) => {
    const logits = model.logits(images);
    const [probabilities, losses] = [tf.softmax(logits), tf.neg(tf.logSoftmax(logits))].map(tensor =>
      tensor.arraySync(),
    );
    return probabilities.map((own, i): Answer => {
      const index = indices[i];
      const label = data.label(index);
      const prediction = indexOfLargest(own);
      return { index, label, prediction, loss: losses[i][label], probabilities: Float32Array.from(own) };
    });
  });
  return found.flat();
}

function withTurn({ parts }: Opened, data: DataSet, answer: Answer): HardImage {
  const { rows, columns } = data;
  const [classes] = withoutTensors(() =>
    classesByStep(parts, tf.tensor3d(pixelsOf(data.image(answer.index)), [1, rows, columns])),
  );
  return { ...answer, turnedAt: settledStep(classes) };
}

function pairsOf(wrong: readonly Answer[]): ConfusedPair[] {
  const counts = new Map<string, ConfusedPair>();
  for (const { label, prediction } of wrong) {
    const key = `${label} ${prediction}`;
    counts.set(key, { label, prediction, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || a.label - b.label);
}

function describe({ numExamples, numMistakes, confusedPairs: [pair], alwaysWrong }: Hardest): string {
  const most = pair ? `, most often ${pair.label} taken for ${pair.prediction} (${pair.count} times)` : '';
  return `Hardest of ${numExamples} images: ${numMistakes} mistakes${most}; ${alwaysWrong.length} always wrong`;
}
