/** What may be done to training images. A kind here is a choice in the hyperparameters. */
import { definesKinds } from '../../settings/kinds';
import { flag, integer, real } from '../../settings/setting_types';
import { tf } from '../../tfjs/tensorflow';
import { randomAffine } from './affine';
import { displacements } from './elastic';
import { projectiveTransform } from './projective_transform';
import { resample } from './resample';

/**
 * Images changed at random.
 * @param images [batch, rows, columns]
 * @param seed int32 [2], which alone decides what happens
 * @returns [batch, rows, columns]
 */
export type Augmentation = (images: tf.Tensor3D, seed: tf.Tensor1D) => tf.Tensor3D;

const augmentationKind = definesKinds<[], Augmentation | undefined>();

/** Each amount is the most in either direction; every image draws its own, uniformly. */
const affine = {
  shift: integer(0, 1000, 1, {
    description: 'how far images are shifted at most, down and across',
    unit: 'pixels',
  }),
  subpixel: flag(false, { description: 'shift by any distance, rather than by whole pixels' }),
  rotation: real(0, 180, 0, {
    description: 'how far images are turned at most, to either side',
    unit: 'degrees',
  }),
  scaling: real(0, 0.9, 0, {
    description: 'how much higher, and wider, images become or less so, at most; 0.1: 10 %',
  }),
  shear: real(0, 80, 0, { description: 'how far upright lines are slanted at most', unit: 'degrees' }),
};

/** Images as they are. */
export const noAugmentationKind = augmentationKind('none', {}, () => undefined);

/**
 * Shifted, turned, stretched and slanted about their middle, in one transformation with bilinear interpolation; black
 * comes in from outside. TensorFlow's ImageProjectiveTransformV3.
 */
export const affineKind = augmentationKind(
  'affine',
  affine,
  amounts => (images, seed) =>
    tf.tidy(() => projectiveTransform(images, randomAffine(images.shape, seed, amounts))),
);

/**
 * As `affine`, and each pixel moved by a smooth random field besides (Simard, Steinkraus & Platt 2003: "Best practices
 * for convolutional neural networks applied to visual document analysis"; for digits of 29 × 29 pixels they took σ = 4
 * and α = 34). It takes some times as long as `affine`.
 */
export const elasticKind = augmentationKind(
  'elastic',
  {
    ...affine,
    elasticAlpha: real(0, 1000, 34, {
      description: 'strength of the field that moves the pixels',
      unit: 'pixels',
    }),
    elasticSigma: real(0.1, 100, 4, {
      description: 'standard deviation of what smooths the field',
      unit: 'pixels',
    }),
  },
  ({ elasticAlpha, elasticSigma, ...amounts }) =>
    (images, seed) =>
      tf.tidy(() => {
        const fieldSeed = tf.add<tf.Tensor1D>(seed, tf.tensor1d([1, 0], 'int32'));
        const field = displacements(images.shape, fieldSeed, { alpha: elasticAlpha, sigma: elasticSigma });
        return resample(images, randomAffine(images.shape, seed, amounts), field);
      }),
);
