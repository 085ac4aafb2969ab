import { setImmediate } from 'node:timers/promises';
import { UserError } from '../base/errors';
import { percent } from '../base/format';
import { readable } from '../base/readable';
import { textOf } from '../base/text';
import { throwIfInterrupted } from '../base/interrupt';
import { pixelsOf } from '../data/batch';
import type { InspectedImage } from '../inspect/image';
import type { Inspected } from '../inspect/opened';
import type { LoadModelOptions } from '../runs/load_model';
import { tf } from '../tfjs/tensorflow';
import { withoutTensors } from '../tfjs/without_tensors';
import { sourceOf, type Source } from './source';

/** What a network answers for an image. */
export interface Prediction {
  /** The most probable class, by its index. */
  readonly label: number;
  /** What that class is called; its index where the run does not say it. */
  readonly className: string;
  /** Of each class, 0..1. */
  readonly probabilities: readonly number[];
}

/** Images that go through the network at a time. */
const batchSize = 200;

/**
 * What a network answers for images. A run answers without the data that it was trained on.
 * @param inspected a run, its folder by path or by its name in `runs`, what `readRun` returns, or a model
 * @param images of the size that the network was made for; `readPictures` reads and prepares them
 * @returns a prediction for each image, in order
 * @throws UserError for images of another size, and a run without a checkpoint or with a model of its user's own
 *
 * @example
 * const [answer] = await predict(run, [mnist.test.example(0)]);
 */
export async function predict(
  inspected: Inspected,
  images: readonly InspectedImage[],
  options: LoadModelOptions = {},
): Promise<Prediction[]> {
  if (images.length === 0) return [];
  const source = sourceOf(inspected, { ...options, image: images[0] });
  try {
    return await predictWith(source, images);
  } finally {
    source.release();
  }
}

/** With a network that is loaded already. */
export async function predictWith(
  { model, image, info }: Source,
  images: readonly InspectedImage[],
): Promise<Prediction[]> {
  const { rows, columns } = image;
  images.forEach((each, i) => checkSize(each, image, i));
  const predictions: Prediction[] = [];
  for (let start = 0; start < images.length; start += batchSize) {
    throwIfInterrupted();
    const batch = images.slice(start, start + batchSize);
    const pixels = new Float32Array(batch.length * rows * columns);
    batch.forEach((each, i) => pixels.set(pixelsOf(each.pixels), i * rows * columns));
    const found = withoutTensors(() => {
      const logits = model.logits(tf.tensor3d(pixels, [batch.length, rows, columns]));
      return tf.softmax(logits).arraySync();
    });
    predictions.push(...found.map(each => predictionOf(each, info?.images?.classNames)));
    await setImmediate(); // the notebook can answer meanwhile
  }
  return predictions;
}

function checkSize(image: InspectedImage, expected: Source['image'], i: number): void {
  const { rows, columns, pixels } = image;
  if (rows === expected.rows && columns === expected.columns && pixels.length === rows * columns) return;
  throw new UserError(
    `Expected images of ${expected.rows} × ${expected.columns} pixels, as the network was made for, found ` +
      `${rows} × ${columns} with ${pixels.length} pixels as number ${i}: readPictures prepares a picture of any size`,
  );
}

function predictionOf(probabilities: readonly number[], classNames?: readonly string[]): Prediction {
  const label = probabilities.reduce((best, each, i) => (each > probabilities[best] ? i : best), 0);
  const nameOf = (index: number) => classNames?.[index] ?? String(index);
  const prediction: Prediction = { label, className: nameOf(label), probabilities };
  return readable(prediction, {
    text: () =>
      probabilities
        .map((probability, index) => ({ probability, index }))
        .filter(({ probability, index }) => index === label || probability >= leastShown)
        .sort((a, b) => b.probability - a.probability)
        .map(({ probability, index }) => `${textOf(nameOf(index))} ${percent(probability)}`)
        .join(', '),
  });
}

/** Smaller ones would be printed as 0.00 %, or nearly so. */
const leastShown = 0.0005;
