import { UserError } from '../../../base/errors';
import { range } from '../../../base/range';
import { defaultsOf, withDefaults } from '../../../settings/defaults';
import { integer, integers } from '../../../settings/setting_types';
import { tf } from '../../../tfjs/tensorflow';
import { checkInteger, describe } from '../../checks';

export interface BlockOptions {
  /** Width of a block in features. Default 4. */
  featureSize?: number;
  /** Features from the start of a block to the start of the next; below featureSize they overlap. Default 4. */
  frequencySkip?: number;
  /** Several bands: the feature at which each starts. Default none: one band of all features. */
  startFreqindexList?: readonly number[];
  /** Several bands: the feature before which each ends. */
  endFreqindexList?: readonly number[];
  /** How many blocks each band must have. Default: as many as fit in it; the original wants to be told. */
  numFrequencyBlocks?: readonly number[];
}

/** More than any row has; but a layer above a grid cell of many units would get so many, and never end. */
const maxBlocks = 1024;
const mostBands = 64;

/** The settings of the cells that read a row in blocks. */
export const blockSettings = {
  featureSize: integer(1, 4096, 4, { description: 'width of a block', unit: 'features' }),
  frequencySkip: integer(1, 4096, 4, {
    description: 'from the start of a block to the next',
    unit: 'features',
  }),
  startFreqindexList: integers(0, 4095, mostBands, {
    description: 'several bands of blocks, with weights of their own: the feature at which each starts',
  }),
  endFreqindexList: integers(1, 4096, mostBands, {
    description: 'several bands of blocks: the feature before which each ends',
  }),
  numFrequencyBlocks: integers(1, maxBlocks, mostBands, {
    description: 'how many blocks each band must have; none: as many as fit',
  }),
};

const defaults: Required<BlockOptions> = defaultsOf(blockSettings);

/** Features from `start` up to, not including, `end`. */
interface Band {
  readonly start: number;
  readonly end: number;
}

/**
 * A time step's features cut in K blocks, as the grid cells of tf.contrib.rnn do:
 *
 *     K   = floor((inputSize − featureSize) / frequencySkip) + 1
 *     x_k = x[k·frequencySkip … k·frequencySkip + featureSize − 1]
 *
 * With startFreqindexList and endFreqindexList each band [start, end) is cut so by itself. Features after the last
 * whole block of a band are never read.
 */
export class FrequencyBlocks {
  readonly featureSize: number;
  private readonly frequencySkip: number;
  private readonly numBlocks: readonly number[];
  private readonly bands: readonly Band[];

  /** @param cellName for the errors */
  constructor(
    options: BlockOptions,
    private readonly cellName: string,
  ) {
    const { featureSize, frequencySkip, startFreqindexList, endFreqindexList, numFrequencyBlocks } =
      withDefaults(defaults, options);
    this.featureSize = checkInteger(`${cellName}'s featureSize`, featureSize, 1);
    this.frequencySkip = checkInteger(`${cellName}'s frequencySkip`, frequencySkip, 1);
    const starts = checkList(`${cellName}'s startFreqindexList`, startFreqindexList, 0);
    const ends = checkList(`${cellName}'s endFreqindexList`, endFreqindexList, 1);
    this.numBlocks = checkList(`${cellName}'s numFrequencyBlocks`, numFrequencyBlocks, 1);
    if (starts.length !== ends.length) {
      throw new UserError(
        `Expected as many starts as ends of ${cellName}'s bands, found ${starts.length} in startFreqindexList and ` +
          `${ends.length} in endFreqindexList: a band goes from a start to its end`,
      );
    }
    this.bands = starts.map((start, b) => ({ start, end: ends[b] }));
    const numBands = this.bands.length || 1;
    if (this.numBlocks.length > 0 && this.numBlocks.length !== numBands) {
      throw new UserError(
        `Expected ${cellName}'s numFrequencyBlocks to have one number for each of ${numBands} bands, found ` +
          `${this.numBlocks.length}: startFreqindexList and endFreqindexList say where bands are`,
      );
    }
  }

  /**
   * How many blocks each band has. @throws UserError where a band has not one, has not as many as it must, or ends
   * after the last feature, or where there are more than can be computed
   */
  count(inputSize: number): readonly number[] {
    const counts = this.bandsOf(inputSize).map((band, b) => this.countBand(band, b, inputSize));
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total > maxBlocks) {
      throw new UserError(
        `Expected ${this.cellName} to get at most ${maxBlocks} blocks per time step, found ${total} of ${inputSize} ` +
          'features: choose a larger featureSize and frequencySkip, or fewer layers, or make the output of the layer ' +
          'below narrower with the wrapper outputProjection',
      );
    }
    return counts;
  }

  /**
   * @param x [batch, inputSize]
   * @param offset features to the right at which the first block starts; what it lacks at the end is 0. A negative
   *   offset starts so many zeros before the first feature
   * @returns for each band its blocks [batch, featureSize]
   */
  cut(x: tf.Tensor2D, offset = 0): tf.Tensor2D[][] {
    const [batch, inputSize] = x.shape;
    const zeros: [number, number] = [Math.max(0, -offset), Math.max(0, offset)];
    const padded = offset === 0 ? x : tf.pad(x, [[0, 0], zeros]);
    const counts = this.count(inputSize);
    return this.bandsOf(inputSize).map((band, b) => {
      const start = band.start + Math.max(0, offset);
      return range(counts[b]).map(k =>
        tf.slice(padded, [0, start + k * this.frequencySkip], [batch, this.featureSize]),
      );
    });
  }

  private bandsOf(inputSize: number): readonly Band[] {
    return this.bands.length > 0 ? this.bands : [{ start: 0, end: inputSize }];
  }

  private countBand({ start, end }: Band, b: number, inputSize: number): number {
    const size = end - start;
    const whole = this.bands.length === 0;
    if (end > inputSize) {
      throw new UserError(
        `Expected ${this.cellName}'s band ${b} to end within the ${inputSize} features of a time step, found ` +
          `${start} to ${end}: lower its endFreqindexList`,
      );
    }
    if (size < this.featureSize) {
      const found = whole ? `${inputSize}` : `${size} in band ${b}, ${start} to ${end}`;
      throw new UserError(
        `Expected ${this.cellName} to get at least one block of ${this.featureSize} features per time step, found ` +
          `${found}: choose a featureSize of at most ${Math.max(1, size)}`,
      );
    }
    const count = Math.floor((size - this.featureSize) / this.frequencySkip) + 1;
    const wanted = this.numBlocks[b] ?? count;
    if (wanted !== count) {
      throw new UserError(
        `Expected ${this.cellName}'s numFrequencyBlocks to be ${count} for features ${start} to ${end}, found ` +
          `${wanted}: so many blocks of ${this.featureSize} fit, ${this.frequencySkip} apart; or leave it out`,
      );
    }
    return count;
  }
}

function checkList(what: string, list: unknown, minimum: number): readonly number[] {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) {
    throw new UserError(`Expected ${what} to be a list of integers, found ${describe(list)}`);
  }
  return (list as number[]).map((item, i) => checkInteger(`${what}[${i}]`, item, minimum));
}
