import { UserError } from '../../base/errors';
import { createRandom } from '../../base/random';
import { make } from '../../settings/kinds';
import { tf } from '../../tfjs/tensorflow';
import {
  parseHyperparameters,
  type AugmentationSettings,
  type Hyperparameters,
  type HyperparametersInput,
} from '../hyperparameters';
import * as augmentations from './augmentations';
import type { Augmentation } from './augmentations';

/** What is done to training images; undefined for nothing. */
export function createAugmentation(settings: AugmentationSettings): Augmentation | undefined {
  return make<Augmentation | undefined, []>(augmentations, settings);
}

/** Of a run with this seed, at a step; 1 for the first. int32 [2] */
export function augmentationSeed(seed: number, step: number): tf.Tensor1D {
  const random = createRandom(seed).fork('augmentation');
  return tf.tensor1d([random.integer(2 ** 31), step], 'int32');
}

/**
 * The images as a training step sees them: `settings.augmentation` done to them at random, as `settings.seed` and the
 * step decide.
 * @param images [batch, rows, columns], pixels 0..1; not changed
 * @param settings of a run: `augmentation`, and its `seed`, by default 0
 * @param step 1 for the first
 * @returns [batch, rows, columns]
 * @throws UserError for settings that are not possible
 *
 * @example
 * const seen = augment(images, { augmentation: { kind: 'affine', shift: 1, rotation: 10 } }, 1);
 */
export function augment(
  images: tf.Tensor3D,
  settings: Pick<HyperparametersInput, 'augmentation' | 'seed'> | Hyperparameters,
  step: number,
): tf.Tensor3D {
  const { augmentation, seed } = parseHyperparameters({
    augmentation: settings.augmentation,
    seed: settings.seed,
  });
  const change = createAugmentation(augmentation);
  return tf.tidy(() => (change ? change(images, augmentationSeed(seed, step)) : tf.clone(images)));
}

/**
 * As `augment`, of a batch of examples for the eye.
 * @param examples as `DataSet.example` gives them and `digitGrid` takes them, all of one size; not changed
 * @throws UserError for settings that are not possible, or images of several sizes
 *
 * @example
 * const before = range(8).map(i => mnist.train.example(i));
 * await show(digitGrid([...before, ...augmentExamples(before, { augmentation: { kind: 'elastic' } }, 1)]));
 */
export function augmentExamples<
  Digit extends { readonly pixels: Uint8Array; readonly rows: number; readonly columns: number },
>(examples: readonly Digit[], settings: Parameters<typeof augment>[1], step: number): Digit[] {
  if (examples.length === 0) return [];
  const [{ rows, columns }] = examples;
  const other = examples.find(each => each.rows !== rows || each.columns !== columns);
  if (other) {
    throw new UserError(
      `Expected images of one size, found ${rows} × ${columns} and ${other.rows} × ${other.columns} pixels`,
    );
  }
  const size = rows * columns;
  const changed = tf.tidy(() => {
    const bytes = Float32Array.from(examples.flatMap(({ pixels }) => [...pixels]));
    const images = tf.tensor3d(bytes, [examples.length, rows, columns]);
    return augment(tf.div(images, 255), settings, step).mul(255).round().dataSync<'float32'>();
  });
  return examples.map((each, i) => ({
    ...each,
    pixels: Uint8Array.from(changed.subarray(i * size, (i + 1) * size)),
  }));
}
