import { UserError } from '../errors';
import { range } from '../range';
import { integer } from '../setting_types';
import { tf } from '../tensorflow';

export interface BlockOptions {
  /** Width of a block in features. Default 4. */
  featureSize?: number;
  /** Features from the start of a block to the start of the next; below featureSize they overlap. Default 4. */
  frequencySkip?: number;
}

/** More than any row has; but a layer above a grid cell of many units would get so many, and never end. */
const maxBlocks = 1024;

/** The settings of the cells that read a row in blocks. */
export const blockSettings = {
  featureSize: integer(1, 4096, 4, { description: 'Width of a block', unit: 'features' }),
  frequencySkip: integer(1, 4096, 4, {
    description: 'From the start of a block to the next',
    unit: 'features',
  }),
};

/**
 * A time step's features cut in K blocks, as the grid cells of tf.contrib.rnn do:
 *
 *     K   = floor((inputSize − featureSize) / frequencySkip) + 1
 *     x_k = x[k·frequencySkip … k·frequencySkip + featureSize − 1]
 *
 * Features after the last whole block are never read.
 */
export class FrequencyBlocks {
  readonly featureSize: number;
  private readonly frequencySkip: number;

  /** @param cellName for the errors */
  constructor(
    { featureSize = 4, frequencySkip = 4 }: BlockOptions,
    private readonly cellName: string,
  ) {
    for (const [name, value] of Object.entries({ featureSize, frequencySkip })) {
      if (!Number.isInteger(value) || value < 1) {
        throw new UserError(`Expected ${cellName}'s ${name} to be an integer of at least 1, found ${value}`);
      }
    }
    this.featureSize = featureSize;
    this.frequencySkip = frequencySkip;
  }

  /** How many blocks there are. @throws UserError where there is not one, or more than can be computed */
  count(inputSize: number): number {
    if (inputSize < this.featureSize) {
      throw new UserError(
        `Expected ${this.cellName} to get at least one block of ${this.featureSize} features per time step, found ` +
          `${inputSize}: choose a featureSize of at most ${inputSize}`,
      );
    }
    const count = Math.floor((inputSize - this.featureSize) / this.frequencySkip) + 1;
    if (count > maxBlocks) {
      throw new UserError(
        `Expected ${this.cellName} to get at most ${maxBlocks} blocks per time step, found ${count} of ${inputSize} ` +
          'features: choose a larger featureSize and frequencySkip, or fewer layers, or make the output of the layer ' +
          'below narrower with the wrapper outputProjection',
      );
    }
    return count;
  }

  /**
   * @param x [batch, inputSize]
   * @param offset features to the right at which the first block starts; what it lacks at the end is 0. A negative
   *   offset starts so many zeros before the first feature
   * @returns K blocks [batch, featureSize]
   */
  cut(x: tf.Tensor2D, offset = 0): tf.Tensor2D[] {
    const [batch, inputSize] = x.shape;
    const zeros: [number, number] = [Math.max(0, -offset), Math.max(0, offset)];
    const padded = offset === 0 ? x : tf.pad(x, [[0, 0], zeros]);
    const start = Math.max(0, offset);
    return range(this.count(inputSize)).map(k =>
      tf.slice(padded, [0, start + k * this.frequencySkip], [batch, this.featureSize]),
    );
  }
}
