/** How an image becomes a sequence: what the network reads at each time step. A kind here is a choice in the hyperparameters. */
import { UserError } from '../base/errors';
import { definesKinds } from '../settings/kinds';
import { createRandom, shuffle } from '../base/random';
import { range } from '../base/range';
import type { EmbeddingOptions } from '../rnn/wrappers/embedding_wrapper';
import { integer } from '../settings/setting_types';
import { tf } from '../tfjs/tensorflow';

/** In pixels; a `DataSet` has both. */
export interface ImageSize {
  readonly rows: number;
  readonly columns: number;
}

/** How an image is read, time step by time step. */
export interface Sequence {
  readonly numSteps: number;
  /** What is read at a time step: so many pixels. */
  readonly numFeatures: number;
  /** For a sequence of symbols, int32 [batch, 1] each: how many there are, and the width of the vector for each. */
  readonly symbols?: EmbeddingOptions;
  /**
   * No gradient goes into the images: they are data.
   * @param images [batch, rows, columns]
   * @returns a list with one [batch, numFeatures] for each time step
   */
  read(images: tf.Tensor3D): tf.Tensor2D[];
}

const sequenceKind = definesKinds<[image: ImageSize], Sequence>();

/** One row at each time step, from top to bottom: the original program's. */
export const rowsKind = sequenceKind('rows', {}, (_, { rows, columns }) => ({
  numSteps: rows,
  numFeatures: columns,
  read: images => unstack(images),
}));

/** One column at each time step, from left to right. */
export const columnsKind = sequenceKind('columns', {}, (_, { rows, columns }) => ({
  numSteps: columns,
  numFeatures: rows,
  read: images => tf.unstack(images, 2) as tf.Tensor2D[],
}));

/** At step t row t and, beside it, column t. @throws UserError for images that are not square */
export const rowsAndColumnsKind = sequenceKind('rowsAndColumns', {}, (_, { rows, columns }) => {
  if (rows !== columns) {
    throw new UserError(
      `Expected square images for the sequence rowsAndColumns, found ${rows} × ${columns} pixels: ` +
        'choose rows or columns',
    );
  }
  return {
    numSteps: rows,
    numFeatures: rows + columns,
    read: images => tf.tidy(() => unstack(tf.concat([images, tf.transpose(images, [0, 2, 1])], 2))),
  };
});

/** One pixel at each time step, row after row (Le, Jaitly & Hinton 2015: "A simple way to initialize …", sequential MNIST). */
export const pixelsKind = sequenceKind('pixels', {}, (_, { rows, columns }) => ({
  numSteps: rows * columns,
  numFeatures: 1,
  read: images => tf.tidy(() => unstack(tf.reshape(images, [-1, rows * columns, 1]))),
}));

/** One pixel at each time step, in a random order that is the same for all images (permuted MNIST of the same paper). */
export const permutedKind = sequenceKind(
  'permuted',
  {
    permutationSeed: integer(0, 2 ** 31 - 1, 0, {
      description: 'decides the order of the pixels, whatever the seed of the run',
    }),
  },
  ({ permutationSeed }, { rows, columns }) => {
    const numSteps = rows * columns;
    const order = range(numSteps);
    shuffle(order, createRandom(permutationSeed).fork('permutation'));
    return {
      numSteps,
      numFeatures: 1,
      read: images =>
        tf.tidy(() => {
          const pixels = tf.reshape(images, [-1, numSteps, 1]);
          return unstack(tf.gather(pixels, tf.tensor1d(order, 'int32'), 1) as tf.Tensor3D);
        }),
    };
  },
);

/**
 * One pixel at each time step, row after row, as a symbol: its brightness in so many levels, int32, for each of which
 * the network learns a vector (see EmbeddingWrapper). So 0.3 is not half as much as 0.6, but another word.
 */
export const symbolsKind = sequenceKind(
  'symbols',
  {
    symbolLevels: integer(2, 256, 8, { description: 'levels of brightness, each a symbol' }),
    embeddingSize: integer(1, 4096, 16, { description: 'width of the vector for a symbol', unit: 'units' }),
  },
  ({ symbolLevels, embeddingSize }, { rows, columns }) => ({
    numSteps: rows * columns,
    numFeatures: 1,
    symbols: { embeddingClasses: symbolLevels, embeddingSize },
    read: images =>
      tf.tidy(() => {
        const pixels: tf.Tensor3D = tf.reshape(images, [-1, rows * columns, 1]);
        const levels = tf.floor(tf.mul<tf.Tensor3D>(pixels, symbolLevels));
        return unstack(tf.cast(tf.minimum<tf.Tensor3D>(levels, symbolLevels - 1), 'int32')); // white, 1, is the last level
      }),
  }),
);

/**
 * One square block of pixels at each time step, blocks from left to right and top to bottom, the pixels of a block row
 * after row. @throws UserError unless the blocks fill the image
 */
export const blocksKind = sequenceKind(
  'blocks',
  { blockSize: integer(1, 4096, 4, { description: 'height and width of a block', unit: 'pixels' }) },
  ({ blockSize: size }, { rows, columns }) => {
    const divides = (candidate: number) => rows % candidate === 0 && columns % candidate === 0;
    if (!divides(size)) {
      const possible = range(Math.min(rows, columns)).map(i => i + 1);
      throw new UserError(
        `Expected a blockSize that divides images of ${rows} × ${columns} pixels, found ${size}: ` +
          `possible are ${possible.filter(divides).join(', ')}`,
      );
    }
    const [down, across] = [rows / size, columns / size];
    return {
      numSteps: down * across,
      numFeatures: size * size,
      read: images =>
        tf.tidy(() => {
          const parts = tf.reshape(images, [-1, down, size, across, size]);
          const blocks = tf.transpose(parts, [0, 1, 3, 2, 4]); // [batch, down, across, size, size]
          return unstack(tf.reshape(blocks, [-1, down * across, size * size]));
        }),
    };
  },
);

/** @param steps [batch, time, features] */
function unstack(steps: tf.Tensor3D): tf.Tensor2D[] {
  return tf.unstack(steps, 1) as tf.Tensor2D[];
}
